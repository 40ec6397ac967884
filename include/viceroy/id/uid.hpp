// uid: names that no two processes make twice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "viceroy/base/config.hpp"
#include "viceroy/id/label.hpp"

namespace viceroy {

// Writes 64 bits as 11 base58 digits: letters and digits that nobody confuses in print (no 0, O, I, l).
VICEROY_DECL std::string base58(std::uint64_t value);

// Makes a name that is unique in practice: `base`, '-', and 64 random bits. The same base twice is two names.
// Errors: errc::bad_input when base is no name or longer than limit::label_bytes.
VICEROY_DECL label unique_label(std::string_view base);

}  // namespace viceroy

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/id/uids.hpp"
#endif
