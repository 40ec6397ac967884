#include "viceroy/host/process_words.hpp"

#include <doctest/doctest.h>

using viceroy::split_words;
using words = std::vector<std::string>;

TEST_CASE("words are split at blanks and grouped by quotes and backslashes") {
  CHECK(split_words("", "it").empty());
  CHECK(split_words("  \t\n", "it").empty());
  CHECK(split_words(" gdb  --args ", "it") == words{"gdb", "--args"});
  CHECK(split_words(R"(a"b c"d 'e f' g\ h)", "it") == words{"ab cd", "e f", "g h"});
  CHECK(split_words(R"("" '')", "it") == words{"", ""});
  CHECK(split_words(R"('a\b' "a\"b" "a\nb" "\\" \' '$HOME')", "it") ==
        words{R"(a\b)", "a\"b", R"(a\nb)", "\\", "'", "$HOME"});
}

TEST_CASE("an unfinished word is refused by the name of its source") {
  CHECK_THROWS_WITH_AS(split_words("a \"b", "IT"), "IT has a quote \" that is not closed", viceroy::error);
  CHECK_THROWS_WITH_AS(split_words("a\\", "IT"), "IT ends in a backslash", viceroy::error);
}
