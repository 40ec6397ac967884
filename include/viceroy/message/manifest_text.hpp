// manifest_text: a manifest as text, and the sentence that tells how two of them differ.
#pragma once

#include <string>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/message/manifest.hpp"

namespace viceroy {

// A manifest as text: a line per type, sorted; kind, name, id in hex, layout and field names between tabs.
VICEROY_DECL std::string manifest_text(const manifest& from);

// Tells how two manifests' texts differ: which type, and in which field, or which type only one side knows. A
// type that differs comes before one that is missing; how many more there are is said at the end. `theirs`
// may be any text. Returns: one sentence, without a full stop; empty if nothing differs.
VICEROY_DECL std::string explain_difference(std::string_view ours, std::string_view theirs);

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/message/manifest_difference.hpp"
#endif
