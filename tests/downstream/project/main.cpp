#include <iostream>

#include <viceroy/base/error.hpp>

#include "greeter.hpp"

int main() {
  const viceroy::error same(viceroy::errc::bad_input, greeting());
  std::cout << "downstream: " << same.what() << '\n';
  return same.kind() == viceroy::errc::bad_input ? 0 : 1;
}
