#include "gateway/api/handler.hpp"

namespace uthan::gateway::api {

namespace {

constexpr std::string_view document = R"json({
  "openapi": "3.1.0",
  "info": {
    "title": "Uthan, for machines",
    "version": "1",
    "description": "Times are RFC 3339 UTC, money is a string in taka (\"1250.00\"). Errors are application/problem+json (RFC 9457) with a stable type."
  },
  "servers": [{"url": "/api/v1"}],
  "security": [{"key": []}],
  "paths": {
    "/openapi.json": {
      "get": {
        "summary": "This document",
        "security": [],
        "responses": {"200": {"description": "OpenAPI 3.1"}}
      }
    },
    "/messages": {
      "post": {
        "summary": "Accepts a text message; 202 once it is durable",
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewMessage"}}}},
        "responses": {
          "202": {"description": "Accepted; the same key with the same body gives the same id", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Accepted"}}}},
          "409": {"$ref": "#/components/responses/Problem"},
          "422": {"$ref": "#/components/responses/Problem"},
          "default": {"$ref": "#/components/responses/Problem"}
        }
      }
    },
    "/messages/{id}": {
      "get": {
        "summary": "Where a message is, and why",
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "pattern": "^[0-9]+$"}}],
        "responses": {
          "200": {"description": "The message", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Message"}}}},
          "404": {"$ref": "#/components/responses/Problem"},
          "default": {"$ref": "#/components/responses/Problem"}
        }
      }
    },
    "/payments": {
      "post": {
        "summary": "Posts a collection; 202 once her facts hold it. The same txn_id with the same body is the same payment",
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Payment"}}}},
        "responses": {
          "202": {"description": "Posted; id is the receipt's, where one goes out", "content": {"application/json": {"schema": {"type": "object", "properties": {"id": {"type": "string"}}}}}},
          "409": {"$ref": "#/components/responses/Problem"},
          "422": {"$ref": "#/components/responses/Problem"},
          "default": {"$ref": "#/components/responses/Problem"}
        }
      }
    }
  },
  "components": {
    "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "uthan staff add --role machine"}},
    "responses": {
      "Problem": {
        "description": "401 unknown key, 403 another office, 404, 405, 409, 413, 415, 422, 429 and 503 with Retry-After",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
      }
    },
    "schemas": {
      "NewMessage": {
        "type": "object",
        "additionalProperties": false,
        "required": ["class", "idempotency_key"],
        "properties": {
          "member": {"type": "string", "maxLength": 64, "description": "A member's code; either this or to"},
          "to": {"type": "string", "maxLength": 32, "description": "A mobile number that is no member's"},
          "text": {"type": "string", "maxLength": 4096, "description": "Either this or template"},
          "template": {"type": "string", "maxLength": 64, "description": "A text of the catalog's section message"},
          "values": {"type": "object", "maxProperties": 16, "additionalProperties": {"type": "string", "maxLength": 200}},
          "class": {"enum": ["security", "receipt", "answer", "meeting", "reminder", "broadcast"]},
          "idempotency_key": {"type": "string", "minLength": 1, "maxLength": 128}
        }
      },
      "Accepted": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
      "Message": {
        "type": "object",
        "required": ["id", "state", "class", "segments", "why", "events"],
        "properties": {
          "id": {"type": "string"},
          "state": {"enum": ["accepted", "submitting", "submitted", "delivered", "failed", "expired", "cancelled", "unconfirmed"]},
          "class": {"type": "string"},
          "segments": {"type": "integer"},
          "why": {"type": "string"},
          "events": {"type": "array", "items": {"type": "object", "properties": {"at": {"type": "string", "format": "date-time"}, "state": {"type": "string"}, "reason": {"type": "string"}}}}
        }
      },
      "Payment": {
        "type": "object",
        "additionalProperties": false,
        "required": ["txn_id", "member_code", "kind", "amount", "txn_on"],
        "properties": {
          "organisation": {"type": "string", "description": "The key's, where it is said"},
          "txn_id": {"type": "string", "maxLength": 64},
          "member_code": {"type": "string", "maxLength": 64},
          "account_no": {"type": "string", "maxLength": 64, "description": "May be left out where she has one such account alone"},
          "kind": {"enum": ["loan_repay", "sav_deposit", "savings_deposit", "sav_withdraw", "savings_withdraw", "reversal"]},
          "amount": {"type": "string", "pattern": "^[0-9]+(\\.[0-9]{1,2})?$"},
          "txn_on": {"type": "string", "format": "date", "description": "Not later than today, at most 45 days ago"},
          "balance_after": {"type": "string"},
          "receipt_no": {"type": "string"},
          "channel": {"enum": ["cash", "bkash", "nagad", "bank", "other"]},
          "reverses_txn_id": {"type": "string"},
          "posted_at": {"type": "string"}
        }
      },
      "Problem": {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}}
      }
    }
  }
}
)json";

} // namespace

std::string_view openapi_document() noexcept {
    return document;
}

} // namespace uthan::gateway::api
