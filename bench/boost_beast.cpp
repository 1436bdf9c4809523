// Beast's non-template code, compiled once for the do-nothing server, which must not link the
// gateway's own.
#include <boost/beast/src.hpp>
