// bindings: the structured bindings of aggregates of 0 to limit::fields fields, one specialisation a number.
#pragma once

#include <cstddef>

#include "viceroy/base/limits.hpp"
#include "viceroy/message/places.hpp"

namespace viceroy::detail {

// The fields of an aggregate of N fields: apply calls f with them, store tells where they are. Only the one
// specialisation that is asked for is instantiated.
template <std::size_t N>
struct bindings;

template <>
struct bindings<0> {
  template <class T, class F>
  static constexpr decltype(auto) apply(T&, F&& f) {
    return static_cast<F&&>(f)();
  }
  template <class T>
  static constexpr type_list<> store(T&, void**) {
    return {};
  }
};

// clang-format off
#define VICEROY_BINDINGS(n, ...)                                                     \
  template <>                                                                        \
  struct bindings<n> {                                                               \
    template <class T, class F>                                                      \
    [[gnu::always_inline]] static constexpr decltype(auto) apply(T& object, F&& f) { \
      auto& [__VA_ARGS__] = object;                                                  \
      return static_cast<F&&>(f)(__VA_ARGS__);                                       \
    }                                                                                \
    template <class T>                                                               \
    [[gnu::always_inline]] static constexpr auto store(T& object, void** at) {       \
      auto& [__VA_ARGS__] = object;                                                  \
      return store_places(at, __VA_ARGS__);                                          \
    }                                                                                \
  };

VICEROY_BINDINGS(1, a0_)
VICEROY_BINDINGS(2, a0_, a1_)
VICEROY_BINDINGS(3, a0_, a1_, a2_)
VICEROY_BINDINGS(4, a0_, a1_, a2_, a3_)
VICEROY_BINDINGS(5, a0_, a1_, a2_, a3_, a4_)
VICEROY_BINDINGS(6, a0_, a1_, a2_, a3_, a4_, a5_)
VICEROY_BINDINGS(7, a0_, a1_, a2_, a3_, a4_, a5_, a6_)
VICEROY_BINDINGS(8, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_)
VICEROY_BINDINGS(9, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_)
VICEROY_BINDINGS(10, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_)
VICEROY_BINDINGS(11, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_)
VICEROY_BINDINGS(12, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_)
VICEROY_BINDINGS(13, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_)
VICEROY_BINDINGS(14, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_)
VICEROY_BINDINGS(15, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_)
VICEROY_BINDINGS(16, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_)
VICEROY_BINDINGS(17, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_)
VICEROY_BINDINGS(18, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_)
VICEROY_BINDINGS(19, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_)
VICEROY_BINDINGS(20, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_)
VICEROY_BINDINGS(21, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_)
VICEROY_BINDINGS(22, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_)
VICEROY_BINDINGS(23, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_)
VICEROY_BINDINGS(24, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_)
VICEROY_BINDINGS(25, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_)
VICEROY_BINDINGS(26, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_)
VICEROY_BINDINGS(27, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_)
VICEROY_BINDINGS(28, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_)
VICEROY_BINDINGS(29, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_)
VICEROY_BINDINGS(30, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_)
VICEROY_BINDINGS(31, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_)
VICEROY_BINDINGS(32, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_)
VICEROY_BINDINGS(33, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_)
VICEROY_BINDINGS(34, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_)
VICEROY_BINDINGS(35, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_)
VICEROY_BINDINGS(36, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_)
VICEROY_BINDINGS(37, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_)
VICEROY_BINDINGS(38, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_)
VICEROY_BINDINGS(39, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_)
VICEROY_BINDINGS(40, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_)
VICEROY_BINDINGS(41, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_)
VICEROY_BINDINGS(42, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_)
VICEROY_BINDINGS(43, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_)
VICEROY_BINDINGS(44, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_)
VICEROY_BINDINGS(45, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_)
VICEROY_BINDINGS(46, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_)
VICEROY_BINDINGS(47, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_)
VICEROY_BINDINGS(48, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_)
VICEROY_BINDINGS(49, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_)
VICEROY_BINDINGS(50, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_)
VICEROY_BINDINGS(51, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_)
VICEROY_BINDINGS(52, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_, d3_)
VICEROY_BINDINGS(53, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_, d3_, d4_)
VICEROY_BINDINGS(54, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_, d3_, d4_, d5_)
VICEROY_BINDINGS(55, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_, d3_, d4_, d5_,
                 d6_)
VICEROY_BINDINGS(56, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_, d3_, d4_, d5_,
                 d6_, d7_)
VICEROY_BINDINGS(57, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_, d3_, d4_, d5_,
                 d6_, d7_, d8_)
VICEROY_BINDINGS(58, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_, d3_, d4_, d5_,
                 d6_, d7_, d8_, d9_)
VICEROY_BINDINGS(59, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_, d3_, d4_, d5_,
                 d6_, d7_, d8_, d9_, da_)
VICEROY_BINDINGS(60, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_, d3_, d4_, d5_,
                 d6_, d7_, d8_, d9_, da_, db_)
VICEROY_BINDINGS(61, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_, d3_, d4_, d5_,
                 d6_, d7_, d8_, d9_, da_, db_, dc_)
VICEROY_BINDINGS(62, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_, d3_, d4_, d5_,
                 d6_, d7_, d8_, d9_, da_, db_, dc_, dd_)
VICEROY_BINDINGS(63, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_, d3_, d4_, d5_,
                 d6_, d7_, d8_, d9_, da_, db_, dc_, dd_, de_)
VICEROY_BINDINGS(64, a0_, a1_, a2_, a3_, a4_, a5_, a6_, a7_, a8_, a9_, aa_, ab_, ac_, ad_, ae_, af_, b0_, b1_,
                 b2_, b3_, b4_, b5_, b6_, b7_, b8_, b9_, ba_, bb_, bc_, bd_, be_, bf_, c0_, c1_, c2_, c3_,
                 c4_, c5_, c6_, c7_, c8_, c9_, ca_, cb_, cc_, cd_, ce_, cf_, d0_, d1_, d2_, d3_, d4_, d5_,
                 d6_, d7_, d8_, d9_, da_, db_, dc_, dd_, de_, df_)

#undef VICEROY_BINDINGS
// clang-format on

static_assert(sizeof(bindings<limit::fields>) == 1, "the table ends at limit::fields");

}  // namespace viceroy::detail
