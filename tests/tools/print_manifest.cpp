// Prints the manifest of the sample types: built with each compiler, it must print the same bytes.
#include <cstdio>

#include "message/sample_types.hpp"
#include "viceroy/message/manifest_text.hpp"

int main() {
  std::printf("%016llx\n%s", static_cast<unsigned long long>(sample::manifest.hash),
              viceroy::manifest_text(sample::manifest).c_str());
}
