#pragma once

#include "world/detail/shop.h"

/// What every visit has in common: a device, a moment, signing up and logging in.
namespace rapport::world {

class Session {
 public:
  Session(Shop& shop, Customer& customer, const Today& today)
      : shop_(shop), c_(customer), t_(today), d_(today.draw) {}

 protected:
  static constexpr std::int64_t kNeverRegisters = 800;  ///< per ten thousand

  void open() {
    const auto hour = static_cast<std::uint32_t>(d_.below(Tag::hour, 65'536));
    const auto minute = static_cast<std::uint32_t>(d_.below(Tag::minute, 65'536));
    now_ = t_.start_ms + time_of_day_ms(t_.facts.kind, hour, minute);
    device_ =
        static_cast<std::uint8_t>(d_.chance(Tag::device, 7000) ? 0 : d_.below(Tag::device, c_.devices, 1));
    known_ = (c_.logged_in >> device_ & 1) != 0;
    act(Act::page, static_cast<int>(PageKind::home));
  }

  void act(Act what, std::int32_t a = 0, std::int32_t b = 0, std::int64_t c = 0) {
    shop_.plan(c_, {.ms = now_, .act = what, .device = device_, .known = known_, .a = a, .b = b, .c = c});
  }

  void wait(std::int64_t low_ms, std::int64_t high_ms) {
    now_ += d_.between(Tag::dwell, low_ms, high_ms, step_++);
  }

  bool never_registers() const {
    return Draw(shop_.seed, c_.index, 0xb0a4).chance(Tag::registering, kNeverRegisters) && !c_.joins_by_word;
  }

  void sign_up_or_in() {
    if (c_.stage == Stage::member) {
      if (!known_ && d_.chance(Tag::login, 6500)) log_in();
    } else if (!never_registers() && d_.chance(Tag::registering, c_.joins_by_word ? 9800 : 6000)) {
      sign_up();
    }
  }

  void log_in() {
    wait(4'000, 25'000);
    known_ = true;
    c_.logged_in = static_cast<std::uint8_t>(c_.logged_in | 1 << device_);
    act(Act::identify, 0);
  }

  void sign_up() {
    wait(20'000, 90'000);
    c_.stage = Stage::member;
    c_.registered = t_.day;
    known_ = true;
    c_.logged_in = static_cast<std::uint8_t>(c_.logged_in | 1 << device_);
    act(Act::identify, 1);
    now_ += 150;
    act(Act::registered, static_cast<int>(d_.below(Tag::method, 3)));
    if (c_.referrer != kNobody) act(Act::referral_joined, static_cast<std::int32_t>(c_.referrer));
    if (d_.chance(Tag::verify, 5200)) {
      wait(10'000, 60'000);
      act(Act::verified, static_cast<int>(d_.below(Tag::verify, 2, 1)));
    }
    const bool marketing = d_.chance(Tag::consent, 7400);
    act(Act::consent, 0, static_cast<int>(d_.below(Tag::consent, 3, 1)), marketing ? 1 : 0);
    act(Act::consent, 1, 0, d_.chance(Tag::consent, 8600, 2) ? 1 : 0);
    if (shop_.pack != Pack::retail) return;
    c_.coupon = static_cast<std::uint8_t>(Coupon::welcome);
    c_.coupon_until = t_.day + 14;
    act(Act::coupon_granted, c_.coupon, 0, shop_.start_ms(c_.coupon_until));
  }

  Shop& shop_;
  Customer& c_;
  const Today& t_;
  const Draw& d_;
  std::int64_t now_ = 0;
  std::uint8_t device_ = 0;
  bool known_ = false;
  std::uint64_t step_ = 0;
};

}  // namespace rapport::world
