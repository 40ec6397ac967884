// sanitized: whether a sanitizer is compiled in, which brings an operator new, threads and descriptors of its
// own.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VICEROY_TEST_SANITIZED true
#elif defined(__has_feature)
#define VICEROY_TEST_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define VICEROY_TEST_SANITIZED false
#endif
