// split_words: a command line from an environment variable, split as a shell would.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "viceroy/base/error.hpp"

namespace viceroy {

// Splits `text` into words at blanks; quotes and backslashes group as in a shell, and nothing is expanded.
// Errors: bad_input for a quote that is not closed or a backslash at the end; `source` names where the text
// came from.
inline std::vector<std::string> split_words(std::string_view text, std::string_view source) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      if (in_word) words.push_back(std::move(word));
      word.clear();
      in_word = false;
      continue;
    }
    in_word = true;
    const bool escapes = c == '\\' && quote != '\'';
    if (escapes && i + 1 == text.size()) {
      throw error(errc::bad_input, std::string(source) + " ends in a backslash");
    }
    if (escapes && (quote == 0 || text[i + 1] == '"' || text[i + 1] == '\\')) {
      word += text[++i];
    } else if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else {
      word += c;
    }
  }
  if (quote != 0) {
    throw error(errc::bad_input, std::string(source) + " has a quote " + quote + " that is not closed");
  }
  if (in_word) words.push_back(std::move(word));
  return words;
}

}  // namespace viceroy
