// codec_texts: how a std::string is written down. Compiled once on request.
#pragma once

#include <string>

#include "viceroy/base/config.hpp"
#include "viceroy/wire/codec_scalars.hpp"

namespace viceroy {

VICEROY_DECL void codec<std::string>::encode(writer& out, const std::string& text) {
  detail::string_codec<std::string>::encode(out, text);
}

VICEROY_DECL bool codec<std::string>::decode(reader& in, std::string& text) {
  return detail::string_codec<std::string>::decode(in, text);
}

}  // namespace viceroy
