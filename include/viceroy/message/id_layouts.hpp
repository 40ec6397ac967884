// id_layouts: ids, addresses, shapes, points and bytes are words in a layout, whatever they are made of.
#pragma once

#include <string_view>

#include "viceroy/message/opaque.hpp"

namespace viceroy {

class address;
class label;
class proc_id;
class actor_id;
class port_id;
class extent;
class region;
class point;
class shape;
class bytes;

template <>
struct opaque_layout<address> {
  static constexpr std::string_view name = "address";
};
template <>
struct opaque_layout<label> {
  static constexpr std::string_view name = "label";
};
template <>
struct opaque_layout<proc_id> {
  static constexpr std::string_view name = "proc_id";
};
template <>
struct opaque_layout<actor_id> {
  static constexpr std::string_view name = "actor_id";
};
template <>
struct opaque_layout<port_id> {
  static constexpr std::string_view name = "port_id";
};
template <>
struct opaque_layout<extent> {
  static constexpr std::string_view name = "extent";
};
template <>
struct opaque_layout<region> {
  static constexpr std::string_view name = "region";
};
template <>
struct opaque_layout<point> {
  static constexpr std::string_view name = "point";
};
template <>
struct opaque_layout<shape> {
  static constexpr std::string_view name = "shape";
};
template <>
struct opaque_layout<bytes> {
  static constexpr std::string_view name = "bytes";
};

}  // namespace viceroy
