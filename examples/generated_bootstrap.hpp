// An application whose children are another program than its parent: what both share.
#pragma once

#include <unistd.h>

#include <array>
#include <string>
#include <viceroy/viceroy.hpp>

namespace generated_bootstrap {

namespace vr = viceroy;

struct which_program {};

struct reporter {
  using handles = vr::messages<which_program>;
  std::string handle(vr::context<reporter>&, which_program) {
    std::array<char, 4096> path{};
    const auto n = ::readlink("/proc/self/exe", path.data(), path.size());
    const std::string all(path.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
    return all.substr(all.rfind('/') + 1);
  }
};

using app = vr::application<"generated_bootstrap", vr::actors<reporter>>;

}  // namespace generated_bootstrap
