// src: the plain core, to be included by one file of a program that defines VICEROY_SEPARATE_COMPILATION.
#pragma once

#include "viceroy/bootstrap/process_entry.hpp"

#if defined(VICEROY_SEPARATE_COMPILATION)
// See base/config.hpp: files that disagree about the mode do not link, by these names.
extern "C" {
extern const char viceroy_all_files_must_agree_about_VICEROY_SEPARATE_COMPILATION;
const char viceroy_all_files_must_agree_about_VICEROY_SEPARATE_COMPILATION = 0;
const char viceroy_some_files_have_VICEROY_SEPARATE_COMPILATION_and_one_must_include_src_hpp = 0;
}
#endif
