#include "model/sending.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace rapport::model {
namespace {

Principal key(KeyRole role) {
  Principal who;
  who.role = role;
  return who;
}

/// Neither a page nor a server's key sends them: they are published.
const std::set<std::string_view> kPolicies = {
    "Rule Published",       "Scene Published",       "Calendar Published",      "Goal Published",
    "Hypothesis Published", "Survey Published",      "Study Published",         "Verdict Reached",
    "Action Taken",         "Value Published",       "Survey Invited",          "Service Level Published",
    "Roster Published",     "Clock Reached",         "Parcel Policy Published", "Return Policy Published",
    "Delay Announced",      "Desk Policy Published", "Macro Published",         "Ticket Action Updated",
    "Feedback Answered"};
/// A server's key sends them, a page does not.
const std::set<std::string_view> kOfTheShop = {
    "Order Cancelled",      "Order Refunded",    "Shipment Updated",    "Shipment Promised",
    "Return Updated",       "Contact Ended",     "Ticket Opened",       "Ticket Updated",
    "Ticket Assigned",      "Review Replied",    "Feedback Classified", "Feedback Corrected",
    "Service Entitled",     "Service Delivered", "Service Lapsed",      "Points Changed",
    "Coupon Granted",       "Coupon Redeemed",   "Coupon Expired",      "Tier Changed",
    "Message Decided",      "Message Sent",      "Message Failed",      "Need Predicted",
    "Product Published",    "Service Published", "Content Published",   "Coupon Published",
    "Competitor Published", "Bundle Published"};
/// What a visitor does herself, and what her browser sees.
const std::set<std::string_view> kOfVisitors = {"identify",
                                                "alias",
                                                "group",
                                                "page",
                                                "screen",
                                                "User Registered",
                                                "User Verified",
                                                "Consent Updated",
                                                "Referral Made",
                                                "Referral Joined",
                                                "Area Engaged",
                                                "Product List Viewed",
                                                "Product Viewed",
                                                "Products Searched",
                                                "Product Compared",
                                                "Product Added",
                                                "Product Removed",
                                                "Product Liked",
                                                "Product Shared",
                                                "Product Added to Wishlist",
                                                "Content Viewed",
                                                "Checkout Started",
                                                "Form Page Viewed",
                                                "Payment Failed",
                                                "Order Completed",
                                                "Return Requested",
                                                "Contact Started",
                                                "Message Posted",
                                                "Review Posted",
                                                "Review Followed Up",
                                                "Survey Shown",
                                                "Survey Answered",
                                                "Service Offered",
                                                "Service Known",
                                                "Service Bought",
                                                "Service Booked",
                                                "Service Used",
                                                "Service Rated",
                                                "Service Renewed",
                                                "Recommendation Shown",
                                                "Recommendation Clicked",
                                                "Recommendation Bought",
                                                "Recommendation Ignored",
                                                "Message Delivered",
                                                "Message Opened",
                                                "Message Clicked",
                                                "Experiment Assigned",
                                                "Device Reported",
                                                "Booking Cancelled"};

// A new kind of event is in none of the lists, and fails here until it is said who may send it.
TEST(Sending, EveryKindIsAPolicyTheShopsOrTheVisitors) {
  EXPECT_EQ(event_specs().size(), kPolicies.size() + kOfTheShop.size() + kOfVisitors.size());
  for (const EventSpec& spec : event_specs()) {
    const auto in = kPolicies.count(spec.name) + kOfTheShop.count(spec.name) + kOfVisitors.count(spec.name);
    EXPECT_EQ(in, 1U) << spec.name;
    EXPECT_EQ(is_policy(spec.kind), kPolicies.contains(spec.name)) << spec.name;
    EXPECT_EQ(is_the_shops_to_say(spec.kind), kOfTheShop.contains(spec.name)) << spec.name;
  }
}

TEST(Sending, APageSendsWhatItsVisitorDoesAndAServerWhatHappened) {
  for (const EventSpec& spec : event_specs()) {
    const bool policy = kPolicies.contains(spec.name), visitors = kOfVisitors.contains(spec.name);
    EXPECT_EQ(may_send(key(KeyRole::publik), spec.kind), visitors) << spec.name;
    EXPECT_EQ(may_send(key(KeyRole::ingest), spec.kind), !policy) << spec.name;
    EXPECT_TRUE(may_send(key(KeyRole::admin), spec.kind)) << spec.name;
  }
  // One of the shop's own making, which is in no catalogue.
  EXPECT_TRUE(may_send(key(KeyRole::publik), EventKind{}));
}

TEST(Sending, PeopleWhoMayPublishSendAll) {
  for (const UserRole role : {UserRole::owner, UserRole::analyst, UserRole::marketing, UserRole::product}) {
    Principal who = key(KeyRole::ingest);
    who.user = role;
    for (const EventSpec& spec : event_specs()) EXPECT_TRUE(may_send(who, spec.kind)) << spec.name;
  }
}

// The elements and the demo shop stand in pages: what they send is read in their sources.
TEST(Sending, WhatTheElementsSendAPageMaySend) {
  const auto web = std::filesystem::path(RAPPORT_SOURCE_DIR) / "web";
  std::ifstream file(web / "widgets" / "runtime" / "events.ts");
  ASSERT_TRUE(file) << "the sources of the elements";
  std::stringstream text;
  text << file.rdbuf();
  const std::string source = text.str();
  static const std::regex kHappening(R"(happening\('([^']+)')");
  std::size_t sent = 0;
  for (std::sregex_iterator at(source.begin(), source.end(), kHappening), end; at != end; ++at, ++sent) {
    const std::string name = (*at)[1];
    const EventSpec* spec = find_event(EventType::track, name);
    ASSERT_NE(spec, nullptr) << name;
    EXPECT_TRUE(may_send(key(KeyRole::publik), spec->kind)) << name;
  }
  EXPECT_GE(sent, 20U) << "the elements' events are written otherwise by now";
}

}  // namespace
}  // namespace rapport::model
