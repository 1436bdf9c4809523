#pragma once

#include "menus/graph.hpp"
#include "menus/real_values.hpp"
#include "texts/catalog.hpp"

#include <span>
#include <string_view>
#include <vector>

// What must hold before a menu may answer members: proved at every start and by `uthan check`.
namespace uthan::menus {

/// A channel's way of showing screens.
struct channel_form {
    texts::rendering in = texts::rendering::bn;
    std::size_t octets_max = 160;
    bool operator==(const channel_form&) const = default;
};

/// Screens from the main menu to a fact, both counted; the PIN is not.
inline constexpr std::size_t screens_to_fact_max = 4;

/// Against what texts are measured.
struct proof_options {
    bool widths = true; ///< false: nothing is measured
    /// Texts that real members get are measured with what they get; the others with the table's
    /// widest values.
    const real_values* real = nullptr;
};

/// Appends every fault with its position: a dangling target; an unreachable screen; a screen
/// without a way out; a key that a text offers and its screen does not have, or the other way
/// round; a text missing in a rendering that a channel uses; a placeholder that the answer does not
/// fill; a screen that cannot fit with the widest values unless it is splittable (then: a line that
/// cannot); more than screens_to_fact_max screens to a fact. The dialogue's own texts (PIN,
/// language, consent …) are proved too.
void prove(const graph& menu, const texts::catalog& texts, std::span<const channel_form> forms,
           std::vector<texts::problem>& problems, const proof_options& how = {});

} // namespace uthan::menus
