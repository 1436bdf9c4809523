#include "menus/shown_name.hpp"

#include "texts/graphemes.hpp"

namespace uthan::menus {

std::string shown_name(const members::label& name, texts::rendering in) {
    if (in == texts::rendering::bn) {
        return name.bn;
    }
    if (in == texts::rendering::bn_latn && !name.bn_latn.empty()) {
        return texts::plain_latin(name.bn_latn);
    }
    return texts::plain_latin(name.en.empty() ? name.bn : name.en);
}

} // namespace uthan::menus
