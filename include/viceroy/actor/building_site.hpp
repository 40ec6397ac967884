// building_site: where a mailbox, and what stands in it, is built: finished, or nothing is left of it.
#pragma once

#include "viceroy/base/config.hpp"
#include "viceroy/mailbox/directory.hpp"
#include "viceroy/mailbox/run_queue.hpp"

namespace viceroy::detail {

// Of actors, instances, and what stands for an actor with a thread of its own.
class building_site {
 public:
  // Errors: inert for a parent that has ended.
  building_site(directory& home, mailbox* parent, pool::size_class c, bool agent = false);
  building_site(const building_site&) = delete;
  building_site& operator=(const building_site&) = delete;
  ~building_site();

  void* memory() const { return memory_.at; }
  // Errors: already_exists for a root's name, inert for a proc that has ended.
  void add(mailbox& box, label name, bool agent = false);
  // It is built, and begins its life.
  void start(bool bounded, bool has_init_hook);
  // It is built, and its life is begun by somebody else.
  void finish();

 private:
  [[noreturn]] static void refuse(const mailbox& parent);
  void give_up() noexcept;
  void stop_with_parent(mailbox& box) const;

  directory& home_;
  mailbox* const parent_;
  mailbox* box_ = nullptr;
  run_queue::mailbox_memory memory_;
  const pool::size_class size_;
  bool added_ = false;
};

}  // namespace viceroy::detail

#if !defined(VICEROY_SEPARATE_COMPILATION)
#include "viceroy/actor/building_sites.hpp"
#endif
