// address: where a process can be reached; an interned text such as unix:@name or tcp:127.0.0.1:4242.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string_view>

#include "viceroy/id/interned.hpp"
#include "viceroy/id/transport.hpp"

namespace viceroy {
namespace detail {

struct address_record : interned_text {
  viceroy::transport transport;
  std::size_t host_at;
  std::size_t host_size;
  std::uint64_t number;
};

}  // namespace detail

// Where a process can be reached. An address is a pointer to a record that lives as long as the process:
// copying and comparing cost what a pointer does. Two addresses are equal when their texts are. Default:
// nowhere.
class address {
 public:
  constexpr address() noexcept = default;

  // Says what keeps `text` from being an address, or null when nothing does. Interns nothing.
  static const char* problem(std::string_view text) noexcept;

  // Interns an address. Errors: errc::bad_input with what is wrong, or beyond limit::interned_names.
  // Cost: a known address one hash and one look-up, no lock.
  static address parse(std::string_view text);

  // Interns an address, or nothing if the text is none. Errors: only beyond limit::interned_names.
  // (A template: files that do not call it compile nothing of std::optional.)
  template <class Id = address>
  static std::optional<Id> try_parse(std::string_view text) {
    if (problem(text) != nullptr) return std::nullopt;
    return parse(text);
  }

  // Returns the address if this process has interned that text; makes none.
  static address known(std::string_view text);

  // Makes an abstract Unix address of 128 random bits: nothing in any file system, and not to be guessed.
  static address random_unix();

  // Makes `tcp:host:port`; an IPv6 host is put in brackets.
  static address tcp(std::string_view host, std::uint16_t port);

  static address in_process(std::uint64_t number);
  static address simulated(std::uint64_t number);

  bool empty() const noexcept { return record_ == nullptr; }
  std::string_view text() const noexcept { return record_ == nullptr ? std::string_view{} : record_->view(); }

  // Returns what carries links to it; of no address, in_process.
  viceroy::transport transport() const noexcept {
    return record_ == nullptr ? viceroy::transport::in_process : record_->transport;
  }

  // Returns the host of a tcp or tls address, without brackets; otherwise nothing.
  std::string_view host() const noexcept { return has_port() ? name_or_host() : std::string_view{}; }

  // Returns the port of a tcp or tls address; otherwise 0.
  std::uint16_t port() const noexcept { return has_port() ? static_cast<std::uint16_t>(record_->number) : 0; }

  // Returns the abstract name (without '@'), the path, or the segment of a unix or shm address; otherwise
  // nothing.
  std::string_view name() const noexcept { return has_port() ? std::string_view{} : name_or_host(); }

  // Says whether a unix address is a name in the abstract space rather than a path.
  bool is_abstract() const noexcept {
    return transport() == viceroy::transport::unix_domain && text()[5] == '@';
  }

  // Returns n of inproc:n and sim:n; otherwise 0.
  std::uint64_t number() const noexcept { return record_ == nullptr || has_port() ? 0 : record_->number; }

  // A number that is the same for equal addresses of this process, and means nothing elsewhere.
  std::uint64_t hash() const noexcept { return record_ == nullptr ? 0 : record_->hash; }

  friend bool operator==(address a, address b) noexcept { return a.record_ == b.record_; }
  friend std::strong_ordering operator<=>(address a, address b) noexcept {
    return a.record_ == b.record_ ? std::strong_ordering::equal : a.text() <=> b.text();
  }

  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, address a) {
    return out << a.text();
  }

 private:
  explicit address(const detail::address_record* record) noexcept : record_(record) {}

  static const detail::address_record* find(std::uint64_t hash, std::string_view text) noexcept;

  bool has_port() const noexcept {
    return transport() == viceroy::transport::tcp || transport() == viceroy::transport::tls;
  }
  std::string_view name_or_host() const noexcept {
    return record_ == nullptr ? std::string_view{} : text().substr(record_->host_at, record_->host_size);
  }

  const detail::address_record* record_ = nullptr;
};

}  // namespace viceroy

template <>
struct std::hash<viceroy::address> {
  std::size_t operator()(viceroy::address a) const noexcept { return a.hash(); }
};

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/id/addresses.hpp"
#endif
