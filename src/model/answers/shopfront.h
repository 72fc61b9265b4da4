#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/time.h"

/// What a visitor of the shop may see: published nouns without the shop's own figures (costs, owners),
/// counters, reviews without their authors, and of one visitor what is hers, without personal parts.
namespace rapport::model {

/// Members of a published noun, each as (name, JSON text), in the order in which they were published.
using NounMembers = std::vector<std::pair<std::string, std::string>>;

/// What a published thing is called.
struct NounName {
  std::string id, name, name_en;  ///< "" where none was published
};
struct NounNames {
  std::vector<NounName> products, services;
};

struct ShopProduct {
  std::string id;
  NounMembers members;
  std::uint64_t orders = 0, pieces = 0, views = 0;  ///< of the last three periods of 28 days
  std::uint64_t ratings = 0;
  std::int64_t rating_sum = 0;              ///< thousandths
  std::array<std::uint64_t, 5> by_stars{};  ///< ratings of 1..5, rounded
};

struct ShopCategory {
  std::string name, name_en;
  std::uint64_t products = 0;
};

struct ShopProductPage {
  std::vector<ShopProduct> products;
  std::uint64_t total = 0;
  std::uint64_t next = 0;                ///< place of the next page; 0 = this was the last
  std::vector<ShopCategory> categories;  ///< of the whole catalogue, largest first
};

struct ShopBestsellers {
  std::string region;              ///< "" = the whole shop: none was asked for, or nothing is known of it
  std::vector<ShopProduct> items;  ///< pieces are those of the region
};

struct ShopReview {
  /// Why it stands where it does: never the rating, never whether it praises or blames.
  struct Reason {
    std::string_view kind;  ///< media, verified, follow_up, aspects, length, recency; static
    std::int64_t points = 0;
  };
  std::string review_id;
  std::int64_t rating = 0;  ///< thousandths
  Instant at;
  bool verified = false;
  std::string title, text, follow_up, reply;
  bool has_media = false;
  std::vector<std::string> aspects;  ///< what it speaks of: "battery", "delay"
  std::optional<Instant> followed_at, replied_at;
  std::int64_t points = 0;  ///< sum of the reasons'
  std::vector<Reason> reasons;
};

struct ShopReviews {
  ShopProduct product;
  std::vector<ShopReview> reviews;  ///< most points first, then the newest
  std::size_t total = 0;            ///< reviews that fit, on all pages
  std::optional<std::size_t> next;  ///< how many to skip for the next page
  std::string critical;             ///< of those with at most two stars that with most points; "" = none
  std::vector<std::pair<std::string, std::size_t>> aspects;  ///< how many speak of it, most first
};

/// Of one visitor.
struct VisitorOrder {
  struct Node {
    std::string node;  ///< placed packing picked_up in_transit out_for_delivery signed exception
    std::optional<Instant> reached, promised;
  };
  struct Line {
    std::string product_id;
    std::uint32_t quantity = 0;
  };
  std::string order_id, state, total, currency;
  Instant placed;
  std::vector<Line> lines;
  std::vector<Node> nodes;  ///< the six, then the exception when there was one
};

struct VisitorReturn {
  std::string return_id, order_id, product_id, state;
  Instant requested, since;
  std::string reason;  ///< what a person said who did not agree to it; "" otherwise
};

struct VisitorService {
  std::string service_id, stage;
  Instant since;
  NounMembers members;
};

/// Something that the shop wants to tell her, in the shop: that she is asked to answer a survey, or that an
/// order of hers comes late.
struct VisitorMessage {
  std::string decision_id;    ///< of the Message Decided
  std::string survey_id;      ///< GET /v1/shop/surveys/{id} is its form
  std::string invitation_id;  ///< the answer's response_id
  Instant until;
  std::string order_id = {};   ///< of a delay or a return; the survey's members are empty then
  std::string return_id = {};  ///< of a return that was paid
  std::optional<Instant> promised = {}, estimated = {};
  std::string coupon_id = {}, coupon_value = {}, currency = {};  ///< "" = none was given
};

/// What the shop did about something that she said.
struct VisitorNews {
  std::string answer_id, text;
  Instant at;
};

/// A coupon that was granted to her and is neither used nor over.
struct VisitorCoupon {
  std::string coupon_id, value, currency;  ///< value "" = not told
  Instant granted;
  std::optional<Instant> until;
  NounMembers members;  ///< as published: title, minimum, terms
};

/// An appointment of hers that lies ahead.
struct VisitorAppointment {
  std::string service_id;
  Instant for_time;
  NounMembers members;  ///< of the service
  NodeId node;          ///< whose event made it; shown to nobody
};

struct VisitorAnswer {
  bool known = false;
  std::vector<VisitorOrder> orders;  ///< newest first
  std::vector<VisitorReturn> returns;
  std::vector<VisitorService> services;
  std::vector<VisitorMessage> messages;          ///< newest first
  std::vector<VisitorNews> news;                 ///< newest first
  std::vector<VisitorCoupon> coupons;            ///< what ends first, first
  std::vector<VisitorAppointment> appointments;  ///< soonest first
  EventSeq known_at;
};

}  // namespace rapport::model
