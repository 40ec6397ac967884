// lookup: values found by their keys, each in a place of its own, in the order in which they came.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace viceroy {

namespace detail {

// What a lookup is without keys and values: compiled once for all of them.
class lookup_index {
 public:
  struct node {
    explicit node(std::size_t h) noexcept : hash(h) {}
    const std::size_t hash;
    node* before = nullptr;
    node* after = nullptr;
    node* in_bucket = nullptr;
  };

  lookup_index() noexcept = default;
  lookup_index(const lookup_index&) = delete;
  lookup_index& operator=(const lookup_index&) = delete;
  ~lookup_index() { delete[] buckets_; }

  std::size_t size() const noexcept { return size_; }
  node* first() const noexcept { return first_; }
  node* bucket(std::size_t hash) const noexcept { return room_ == 0 ? nullptr : *slot(hash); }

  // Errors: std::bad_alloc; insert() has none after it.
  void make_room() {
    if (size_ != room_) return;
    node** const more = new node* [room_ == 0 ? 8 : 2 * room_] {};
    delete[] buckets_;
    buckets_ = more;
    room_ = room_ == 0 ? 8 : 2 * room_;
    for (node* n = first_; n; n = n->after) put(*n);
  }
  void insert(node& n) noexcept {
    n.before = last_;
    (last_ ? last_->after : first_) = &n;
    last_ = &n;
    ++size_;
    put(n);
  }
  void remove(node& n) noexcept {
    (n.before ? n.before->after : first_) = n.after;
    (n.after ? n.after->before : last_) = n.before;
    --size_;
    node** at = slot(n.hash);
    while (*at != &n) at = &(*at)->in_bucket;
    *at = n.in_bucket;
  }

 private:
  // Of a number, std::hash is the number.
  node** slot(std::size_t hash) const noexcept {
    return buckets_ + ((hash * 0x9e3779b97f4a7c15u >> 32) & (room_ - 1));
  }
  void put(node& n) noexcept {
    node** const at = slot(n.hash);
    n.in_bucket = *at;
    *at = &n;
  }

  node* first_ = nullptr;
  node* last_ = nullptr;
  node** buckets_ = nullptr;
  std::size_t size_ = 0;
  std::size_t room_ = 0;  // a power of two
};

}  // namespace detail

// A hash table whose values stay where they are until they are erased. (A twelfth of what std::unordered_map
// costs to compile.)
template <class Key, class Value>
class lookup {
 public:
  struct entry {
    const Key key;
    Value value;
  };

  lookup() noexcept = default;
  ~lookup() { clear(); }

  bool empty() const noexcept { return size() == 0; }
  std::size_t size() const noexcept { return index_.size(); }

  // Returns: null for none.
  Value* find(const Key& key) const noexcept {
    node* const found = node_of(key);
    return found ? &found->of.value : nullptr;
  }
  bool contains(const Key& key) const noexcept { return find(key) != nullptr; }
  // Returns: the new value; null where the key has one, and nothing changes.
  template <class... Arguments>
  Value* add(const Key& key, Arguments&&... arguments) {
    if (node_of(key)) return nullptr;
    index_.make_room();
    node* const made = new node(key, std::forward<Arguments>(arguments)...);
    index_.insert(*made);
    return &made->of.value;
  }
  // Makes an empty value for a key that has none.
  Value& operator[](const Key& key) {
    Value* const found = find(key);
    return found ? *found : *add(key);
  }
  bool erase(const Key& key) noexcept {
    node* const found = node_of(key);
    if (found) drop(found);
    return found;
  }
  // The predicate may add and erase others; what goes may not.
  template <class Predicate>
  void erase_if(Predicate&& is_to_go) {
    for (node* n = first(); n;) {
      const bool goes = is_to_go(n->of);
      node* const next = after(n);
      if (goes) drop(n);
      n = next;
    }
  }
  void clear() noexcept {
    while (node* const n = first()) drop(n);
  }

  // Of what is visited, all but the entry that is stood on may be erased.
  class cursor;
  cursor begin() const noexcept { return cursor(first()); }
  cursor end() const noexcept { return cursor(nullptr); }

 private:
  using link = detail::lookup_index::node;
  struct node : link {
    template <class... Arguments>
    explicit node(const Key& key, Arguments&&... arguments)
        : link(std::hash<Key>()(key)), of{key, Value(std::forward<Arguments>(arguments)...)} {}
    entry of;
  };

  node* first() const noexcept { return static_cast<node*>(index_.first()); }
  static node* after(const link* n) noexcept { return static_cast<node*>(n->after); }
  node* node_of(const Key& key) const noexcept {
    link* n = index_.bucket(std::hash<Key>()(key));
    while (n && !(static_cast<node*>(n)->of.key == key)) n = n->in_bucket;
    return static_cast<node*>(n);
  }
  void drop(node* n) noexcept {
    index_.remove(*n);
    delete n;
  }

  detail::lookup_index index_;
};

template <class Key, class Value>
class lookup<Key, Value>::cursor {
 public:
  explicit cursor(node* at) noexcept : at_(at) {}
  entry& operator*() const noexcept { return at_->of; }
  cursor& operator++() noexcept {
    at_ = after(at_);
    return *this;
  }
  bool operator==(const cursor& other) const noexcept { return at_ == other.at_; }

 private:
  node* at_;
};

}  // namespace viceroy
