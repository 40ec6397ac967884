// Version, and the two ways of compiling: header-only (the default) or the core once, in one file.
#pragma once

#define VICEROY_VERSION_MAJOR 0
#define VICEROY_VERSION_MINOR 1
#define VICEROY_VERSION_PATCH 0

// VICEROY_SEPARATE_COMPILATION: every file of a program defines it and one file includes <viceroy/src.hpp>;
// or none does. No macro changes a layout. VICEROY_DECL marks the functions that this decision moves.
#if defined(VICEROY_SEPARATE_COMPILATION)
#define VICEROY_DECL
#else
#define VICEROY_DECL inline
#endif

// VICEROY_MERGED marks what many small functions of a program's own types consist of: a part of each where a
// compiler optimises, so that they make no call; one function for all of them where it does not, so that it
// has less to compile.
#if defined(__OPTIMIZE__)
#define VICEROY_MERGED [[gnu::always_inline]]
#else
#define VICEROY_MERGED
#endif

// VICEROY_DECL_MERGED: of what separate compilation moves, although header-only it is a part of each.
#if defined(VICEROY_SEPARATE_COMPILATION)
#define VICEROY_DECL_MERGED
#else
#define VICEROY_DECL_MERGED VICEROY_MERGED inline
#endif

// VICEROY_BUILDS_BEGIN and _END stand around what builds a message, params or a result from what the user
// gave, in parentheses. It was forwarded, so a compiler sees no more that a literal fits, and would warn of
// its conversion here, in our lines, as of `cast<add>(cx, 5)` where add's field is unsigned.
#define VICEROY_BUILDS_BEGIN                                                        \
  _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wconversion\"") \
      _Pragma("GCC diagnostic ignored \"-Wsign-conversion\"")                       \
          _Pragma("GCC diagnostic ignored \"-Wfloat-conversion\"")
#define VICEROY_BUILDS_END _Pragma("GCC diagnostic pop")

// Files that disagree must not link, and the linker's message must say why. A header-only file defines the
// first name below as a strong symbol (in a COMDAT group, so that any number of such files agree); src.hpp
// defines it outside that group: "multiple definition". A file that is compiled separately needs the second
// name, which src.hpp alone defines.
#if defined(VICEROY_SEPARATE_COMPILATION)
extern "C" const char viceroy_some_files_have_VICEROY_SEPARATE_COMPILATION_and_one_must_include_src_hpp;
namespace viceroy::detail {
[[gnu::used]] static const char* const compilation_mode =
    &viceroy_some_files_have_VICEROY_SEPARATE_COMPILATION_and_one_must_include_src_hpp;
}
#else
asm(".pushsection .rodata.viceroy_mode,\"aG\",@progbits,viceroy_header_only,comdat\n"
    ".globl viceroy_all_files_must_agree_about_VICEROY_SEPARATE_COMPILATION\n"
    "viceroy_all_files_must_agree_about_VICEROY_SEPARATE_COMPILATION:\n"
    ".byte 0\n"
    ".popsection\n");
#endif
