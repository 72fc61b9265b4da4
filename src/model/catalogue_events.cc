#include "model/catalogue.h"
#include "model/catalogue_ids.h"

// The catalogue's events: which properties each must and may carry. Order follows the numbers of
// catalogue_ids.h.
namespace rapport::model::tables {

namespace {
namespace p = property;
constexpr PropertyId kGroupOptional[] = {p::group_id};
constexpr PropertyId kUserRegisteredOptional[] = {p::channel, p::method, p::source_kind};
constexpr PropertyId kUserVerifiedOptional[] = {p::method};
constexpr PropertyId kConsentUpdatedRequired[] = {p::purpose, p::channel, p::granted};
constexpr PropertyId kReferralMadeRequired[] = {p::referred};
constexpr PropertyId kReferralMadeOptional[] = {p::channel};
constexpr PropertyId kReferralJoinedRequired[] = {p::referrer};
constexpr PropertyId kPageRequired[] = {p::page_name};
constexpr PropertyId kPageOptional[] = {p::path,     p::title,      p::url,        p::referrer_url,
                                        p::category, p::session_id, p::source_kind};
constexpr PropertyId kScreenRequired[] = {p::page_name};
constexpr PropertyId kScreenOptional[] = {p::title, p::category, p::session_id, p::source_kind};
constexpr PropertyId kAreaEngagedRequired[] = {p::page, p::area, p::dwell_ms};
constexpr PropertyId kAreaEngagedOptional[] = {p::product_id};
constexpr PropertyId kProductListViewedOptional[] = {p::category, p::list_id, p::product_ids};
constexpr PropertyId kProductViewedRequired[] = {p::product_id};
constexpr PropertyId kProductViewedOptional[] = {p::category, p::brand,    p::scene,   p::function,
                                                 p::price,    p::currency, p::variant, p::position,
                                                 p::list_id,  p::dwell_ms};
constexpr PropertyId kProductsSearchedRequired[] = {p::query};
constexpr PropertyId kProductsSearchedOptional[] = {p::results, p::scene, p::function, p::category};
constexpr PropertyId kProductComparedRequired[] = {p::product_ids};
constexpr PropertyId kProductComparedOptional[] = {p::category};
constexpr PropertyId kProductAddedRequired[] = {p::product_id, p::quantity};
constexpr PropertyId kProductAddedOptional[] = {p::price, p::currency, p::category};
constexpr PropertyId kProductRemovedRequired[] = {p::product_id, p::quantity};
constexpr PropertyId kProductRemovedOptional[] = {p::price, p::currency};
constexpr PropertyId kProductLikedRequired[] = {p::product_id};
constexpr PropertyId kProductSharedRequired[] = {p::product_id};
constexpr PropertyId kProductSharedOptional[] = {p::channel};
constexpr PropertyId kProductAddedToWishlistRequired[] = {p::product_id};
constexpr PropertyId kProductAddedToWishlistOptional[] = {p::price, p::currency};
constexpr PropertyId kContentViewedRequired[] = {p::content_id};
constexpr PropertyId kContentViewedOptional[] = {p::content_kind, p::dwell_ms, p::term, p::product_id};
constexpr PropertyId kCheckoutStartedOptional[] = {p::order_id, p::total, p::currency, p::products};
constexpr PropertyId kFormPageViewedRequired[] = {p::form, p::form_page};
constexpr PropertyId kFormPageViewedOptional[] = {p::dwell_ms};
constexpr PropertyId kPaymentFailedRequired[] = {p::order_id, p::method, p::code};
constexpr PropertyId kPaymentFailedOptional[] = {p::total, p::currency};
constexpr PropertyId kOrderCompletedRequired[] = {p::order_id, p::total, p::currency, p::products};
constexpr PropertyId kOrderCompletedOptional[] = {p::revenue,
                                                  p::shipping,
                                                  p::tax,
                                                  p::discount,
                                                  p::freight,
                                                  p::coupon_id,
                                                  p::method,
                                                  p::payment_instalments,
                                                  p::estimated_delivery,
                                                  p::channel,
                                                  p::region_code};
constexpr PropertyId kOrderCancelledRequired[] = {p::order_id};
constexpr PropertyId kOrderCancelledOptional[] = {p::reason};
constexpr PropertyId kOrderRefundedRequired[] = {p::order_id};
constexpr PropertyId kOrderRefundedOptional[] = {p::amount,    p::currency, p::reason,   p::return_id,
                                                 p::ticket_id, p::agent,    p::action_id};
constexpr PropertyId kShipmentUpdatedRequired[] = {p::order_id, p::node};
constexpr PropertyId kShipmentUpdatedOptional[] = {p::carrier, p::tracking_number, p::place,
                                                   p::estimated_delivery, p::delivered_late};
constexpr PropertyId kShipmentPromisedRequired[] = {p::order_id, p::node, p::by};
constexpr PropertyId kShipmentPromisedOptional[] = {p::carrier};
constexpr PropertyId kReturnRequestedRequired[] = {p::return_id, p::order_id, p::reason};
constexpr PropertyId kReturnRequestedOptional[] = {p::product_id, p::quantity, p::text, p::photos};
constexpr PropertyId kReturnUpdatedRequired[] = {p::return_id, p::return_state};
constexpr PropertyId kReturnUpdatedOptional[] = {p::order_id, p::amount, p::currency, p::reason, p::agent};
constexpr PropertyId kContactStartedRequired[] = {p::contact_id, p::channel};
constexpr PropertyId kContactStartedOptional[] = {p::reason, p::product_id, p::order_id, p::agent, p::term};
constexpr PropertyId kMessagePostedRequired[] = {p::contact_id, p::from, p::text};
constexpr PropertyId kMessagePostedOptional[] = {p::channel, p::agent, p::macro_id};
constexpr PropertyId kContactEndedRequired[] = {p::contact_id};
constexpr PropertyId kContactEndedOptional[] = {p::reason, p::agent};
constexpr PropertyId kTicketOpenedRequired[] = {p::ticket_id, p::feedback_class};
constexpr PropertyId kTicketOpenedOptional[] = {p::contact_id, p::order_id, p::product_id, p::priority,
                                                p::about};
constexpr PropertyId kTicketUpdatedRequired[] = {p::ticket_id, p::ticket_state};
constexpr PropertyId kTicketUpdatedOptional[] = {p::agent, p::reason, p::priority, p::feedback_class,
                                                 p::satisfied};
constexpr PropertyId kTicketAssignedRequired[] = {p::ticket_id, p::agent};
constexpr PropertyId kTicketAssignedOptional[] = {p::reason};
constexpr PropertyId kReviewPostedRequired[] = {p::review_id, p::product_id, p::rating, p::text};
constexpr PropertyId kReviewPostedOptional[] = {p::title, p::order_id, p::has_media, p::verified};
constexpr PropertyId kReviewFollowedUpRequired[] = {p::review_id, p::text};
constexpr PropertyId kReviewFollowedUpOptional[] = {p::rating};
constexpr PropertyId kReviewRepliedRequired[] = {p::review_id};
constexpr PropertyId kReviewRepliedOptional[] = {p::text, p::agent};
constexpr PropertyId kSurveyShownRequired[] = {p::survey_id};
constexpr PropertyId kSurveyShownOptional[] = {p::channel};
constexpr PropertyId kSurveyAnsweredRequired[] = {p::survey_id, p::answers};
constexpr PropertyId kSurveyAnsweredOptional[] = {p::channel, p::order_id, p::response_id};
constexpr PropertyId kSurveyInvitedRequired[] = {p::survey_id, p::channel, p::invitation_id};
constexpr PropertyId kSurveyInvitedOptional[] = {p::until, p::reminder};
constexpr PropertyId kFeedbackClassifiedRequired[] = {p::about, p::clauses};
constexpr PropertyId kFeedbackCorrectedRequired[] = {p::about, p::clauses};
constexpr PropertyId kFeedbackCorrectedOptional[] = {p::agent, p::reason};
constexpr PropertyId kServiceOfferedRequired[] = {p::service_id};
constexpr PropertyId kServiceOfferedOptional[] = {p::order_id, p::product_id, p::price,
                                                  p::currency, p::channel,    p::decision_id};
constexpr PropertyId kServiceKnownRequired[] = {p::service_id};
constexpr PropertyId kServiceBoughtRequired[] = {p::service_id, p::price};
constexpr PropertyId kServiceBoughtOptional[] = {p::currency, p::order_id, p::product_id, p::until};
constexpr PropertyId kServiceEntitledRequired[] = {p::service_id};
constexpr PropertyId kServiceEntitledOptional[] = {p::until, p::reason};
constexpr PropertyId kServiceBookedRequired[] = {p::service_id, p::for_time};
constexpr PropertyId kServiceBookedOptional[] = {p::reason, p::ticket_id, p::agent, p::action_id};
constexpr PropertyId kBookingCancelledRequired[] = {p::service_id, p::for_time};
constexpr PropertyId kBookingCancelledOptional[] = {p::reason, p::ticket_id, p::agent, p::action_id};
constexpr PropertyId kServiceDeliveredRequired[] = {p::service_id, p::on_time};
constexpr PropertyId kServiceDeliveredOptional[] = {p::error, p::agent};
constexpr PropertyId kServiceUsedRequired[] = {p::service_id};
constexpr PropertyId kServiceRatedRequired[] = {p::service_id, p::rating};
constexpr PropertyId kServiceRatedOptional[] = {p::text};
constexpr PropertyId kServiceRenewedRequired[] = {p::service_id};
constexpr PropertyId kServiceRenewedOptional[] = {p::price, p::currency, p::until};
constexpr PropertyId kServiceLapsedRequired[] = {p::service_id};
constexpr PropertyId kServiceLapsedOptional[] = {p::reason};
constexpr PropertyId kPointsChangedRequired[] = {p::delta, p::reason};
constexpr PropertyId kPointsChangedOptional[] = {p::balance, p::order_id};
constexpr PropertyId kCouponGrantedRequired[] = {p::coupon_id};
constexpr PropertyId kCouponGrantedOptional[] = {p::coupon_value, p::currency,  p::until, p::reason,
                                                 p::decision_id,  p::ticket_id, p::agent, p::action_id};
constexpr PropertyId kCouponRedeemedRequired[] = {p::coupon_id};
constexpr PropertyId kCouponRedeemedOptional[] = {p::order_id};
constexpr PropertyId kCouponExpiredRequired[] = {p::coupon_id};
constexpr PropertyId kTierChangedRequired[] = {p::tier};
constexpr PropertyId kTierChangedOptional[] = {p::reason, p::until};
constexpr PropertyId kRecommendationShownRequired[] = {p::decision_id, p::position, p::item};
constexpr PropertyId kRecommendationShownOptional[] = {p::item_kind, p::scene_id};
constexpr PropertyId kRecommendationClickedRequired[] = {p::decision_id, p::position, p::item};
constexpr PropertyId kRecommendationClickedOptional[] = {p::item_kind, p::scene_id};
constexpr PropertyId kRecommendationBoughtRequired[] = {p::decision_id, p::position, p::item};
constexpr PropertyId kRecommendationBoughtOptional[] = {p::item_kind, p::scene_id, p::order_id};
constexpr PropertyId kRecommendationIgnoredRequired[] = {p::decision_id, p::position, p::item};
constexpr PropertyId kRecommendationIgnoredOptional[] = {p::item_kind, p::scene_id};
constexpr PropertyId kMessageDecidedRequired[] = {p::decision_id, p::channel};
constexpr PropertyId kMessageDecidedOptional[] = {p::reason, p::scene_id};
constexpr PropertyId kMessageSentRequired[] = {p::decision_id, p::channel};
constexpr PropertyId kMessageDeliveredRequired[] = {p::decision_id, p::channel};
constexpr PropertyId kMessageOpenedRequired[] = {p::decision_id, p::channel};
constexpr PropertyId kMessageClickedRequired[] = {p::decision_id, p::channel};
constexpr PropertyId kMessageFailedRequired[] = {p::decision_id, p::channel};
constexpr PropertyId kMessageFailedOptional[] = {p::code};
constexpr PropertyId kExperimentAssignedRequired[] = {p::experiment_id, p::arm};
constexpr PropertyId kNeedPredictedRequired[] = {p::need, p::strength, p::until};
constexpr PropertyId kNeedPredictedOptional[] = {p::evidence, p::product_ids, p::decision_id};
constexpr PropertyId kDeviceReportedRequired[] = {p::measure, p::value};
constexpr PropertyId kDeviceReportedOptional[] = {p::device_kind, p::product_id};
constexpr PropertyId kProductPublishedRequired[] = {p::product_id};
constexpr PropertyId kProductPublishedOptional[] = {p::product_name, p::category, p::brand,
                                                    p::price,        p::currency, p::stock};
constexpr PropertyId kServicePublishedRequired[] = {p::service_id};
constexpr PropertyId kServicePublishedOptional[] = {p::title_text, p::price, p::currency};
constexpr PropertyId kContentPublishedRequired[] = {p::content_id};
constexpr PropertyId kContentPublishedOptional[] = {p::title_text, p::content_kind};
constexpr PropertyId kCouponPublishedRequired[] = {p::coupon_id};
constexpr PropertyId kCouponPublishedOptional[] = {p::coupon_value, p::currency, p::until};
constexpr PropertyId kCompetitorPublishedRequired[] = {p::competitor_id};
constexpr PropertyId kCompetitorPublishedOptional[] = {p::title_text, p::price, p::currency};
constexpr PropertyId kBundlePublishedRequired[] = {p::bundle_id, p::product_ids};
constexpr PropertyId kBundlePublishedOptional[] = {p::title_text, p::price, p::currency};
constexpr PropertyId kRulePublishedRequired[] = {p::rule_id};
constexpr PropertyId kValuePublishedRequired[] = {p::value_id, p::value};
constexpr PropertyId kValuePublishedOptional[] = {p::currency};
constexpr PropertyId kScenePublishedRequired[] = {p::scene_id};
constexpr PropertyId kCalendarPublishedRequired[] = {p::calendar_id};
constexpr PropertyId kGoalPublishedRequired[] = {p::goal_id};
constexpr PropertyId kHypothesisPublishedRequired[] = {p::hypothesis_id};
constexpr PropertyId kSurveyPublishedRequired[] = {p::survey_id};
constexpr PropertyId kStudyPublishedRequired[] = {p::study_id};
constexpr PropertyId kVerdictReachedRequired[] = {p::study_id, p::verdict};
constexpr PropertyId kVerdictReachedOptional[] = {p::service_id, p::hypothesis_id};
constexpr PropertyId kActionTakenRequired[] = {p::action};
constexpr PropertyId kActionTakenOptional[] = {p::study_id, p::service_id, p::action_id};
constexpr PropertyId kServiceLevelPublishedRequired[] = {p::service_level_id};
constexpr PropertyId kRosterPublishedRequired[] = {p::roster_id};
constexpr PropertyId kClockReachedRequired[] = {p::about, p::case_kind, p::clock, p::step};
constexpr PropertyId kClockReachedOptional[] = {p::due, p::agent};
constexpr PropertyId kPolicyPublishedRequired[] = {p::policy_id};
constexpr PropertyId kDelayAnnouncedRequired[] = {p::order_id, p::step};
constexpr PropertyId kDelayAnnouncedOptional[] = {
    p::by,      p::estimated_delivery, p::strength,     p::evidence, p::decision_id,
    p::channel, p::coupon_id,          p::coupon_value, p::currency, p::reason};
constexpr PropertyId kDeskPolicyPublishedRequired[] = {p::policy_id};
constexpr PropertyId kMacroPublishedRequired[] = {p::macro_id};
constexpr PropertyId kTicketActionUpdatedRequired[] = {p::ticket_id, p::action_id, p::action_state};
constexpr PropertyId kTicketActionUpdatedOptional[] = {
    p::action,     p::order_id, p::amount, p::currency, p::coupon_id,    p::coupon_value,
    p::service_id, p::for_time, p::agent,  p::reason,   p::money_before, p::money_after};
constexpr PropertyId kFeedbackAnsweredRequired[] = {p::answer_id, p::text};
constexpr PropertyId kFeedbackAnsweredOptional[] = {p::about, p::agent};
constexpr PropertyId kTraits[] = {
    trait::name,     trait::email,     trait::phone,       trait::birthday,     trait::address,
    trait::age_band, trait::gender,    trait::region,      trait::city,         trait::city_tier,
    trait::country,  trait::job,       trait::income_band, trait::household,    trait::household_size,
    trait::children, trait::education, trait::language,    trait::member_since, trait::birth_month};
}  // namespace

extern const EventSpec kEvents[] = {
    {kind::identify,
     "identify",
     EventType::identify,
     EventGroup::person,
     {},
     kTraits,
     false,
     "Traits of a customer; links the identifiers it names."},
    {kind::alias,
     "alias",
     EventType::alias,
     EventGroup::person,
     {},
     {},
     false,
     "Two user ids are the same person."},
    {kind::group,
     "group",
     EventType::group,
     EventGroup::person,
     {},
     kGroupOptional,
     false,
     "The customer belongs to a group."},
    {kind::user_registered,
     "User Registered",
     EventType::track,
     EventGroup::person,
     {},
     kUserRegisteredOptional,
     false,
     "The customer registered."},
    {kind::user_verified,
     "User Verified",
     EventType::track,
     EventGroup::person,
     {},
     kUserVerifiedOptional,
     false,
     "The customer proved who they are."},
    {kind::consent_updated,
     "Consent Updated",
     EventType::track,
     EventGroup::person,
     kConsentUpdatedRequired,
     {},
     false,
     "Consent by purpose and channel, given or withdrawn."},
    {kind::referral_made, "Referral Made", EventType::track, EventGroup::person, kReferralMadeRequired,
     kReferralMadeOptional, false, "The customer told somebody else."},
    {kind::referral_joined,
     "Referral Joined",
     EventType::track,
     EventGroup::person,
     kReferralJoinedRequired,
     {},
     false,
     "Somebody who was told has joined."},
    {kind::page, "page", EventType::page, EventGroup::browse, kPageRequired, kPageOptional, false,
     "A page was viewed."},
    {kind::screen, "screen", EventType::screen, EventGroup::browse, kScreenRequired, kScreenOptional, false,
     "A screen of an app or mini-program was viewed."},
    {kind::area_engaged, "Area Engaged", EventType::track, EventGroup::browse, kAreaEngagedRequired,
     kAreaEngagedOptional, false, "An area of a page held the customer's attention."},
    {kind::product_list_viewed,
     "Product List Viewed",
     EventType::track,
     EventGroup::browse,
     {},
     kProductListViewedOptional,
     false,
     "A list of products was viewed."},
    {kind::product_viewed, "Product Viewed", EventType::track, EventGroup::browse, kProductViewedRequired,
     kProductViewedOptional, false, "A product page was viewed."},
    {kind::products_searched, "Products Searched", EventType::track, EventGroup::browse,
     kProductsSearchedRequired, kProductsSearchedOptional, false, "The customer searched."},
    {kind::product_compared, "Product Compared", EventType::track, EventGroup::browse,
     kProductComparedRequired, kProductComparedOptional, false, "Products were compared."},
    {kind::product_added, "Product Added", EventType::track, EventGroup::browse, kProductAddedRequired,
     kProductAddedOptional, false, "Put into the cart."},
    {kind::product_removed, "Product Removed", EventType::track, EventGroup::browse, kProductRemovedRequired,
     kProductRemovedOptional, false, "Taken out of the cart."},
    {kind::product_liked,
     "Product Liked",
     EventType::track,
     EventGroup::browse,
     kProductLikedRequired,
     {},
     false,
     "Liked."},
    {kind::product_shared, "Product Shared", EventType::track, EventGroup::browse, kProductSharedRequired,
     kProductSharedOptional, false, "Shared."},
    {kind::product_added_to_wishlist, "Product Added to Wishlist", EventType::track, EventGroup::browse,
     kProductAddedToWishlistRequired, kProductAddedToWishlistOptional, false, "Put on the wish list."},
    {kind::content_viewed, "Content Viewed", EventType::track, EventGroup::browse, kContentViewedRequired,
     kContentViewedOptional, false, "A tutorial, article or video was viewed."},
    {kind::checkout_started,
     "Checkout Started",
     EventType::track,
     EventGroup::order,
     {},
     kCheckoutStartedOptional,
     false,
     "Checkout began."},
    {kind::form_page_viewed, "Form Page Viewed", EventType::track, EventGroup::order, kFormPageViewedRequired,
     kFormPageViewedOptional, false, "A page of a form was viewed."},
    {kind::payment_failed, "Payment Failed", EventType::track, EventGroup::order, kPaymentFailedRequired,
     kPaymentFailedOptional, false, "A payment was refused."},
    {kind::order_completed, "Order Completed", EventType::track, EventGroup::order, kOrderCompletedRequired,
     kOrderCompletedOptional, false, "The order was placed and paid."},
    {kind::order_cancelled, "Order Cancelled", EventType::track, EventGroup::order, kOrderCancelledRequired,
     kOrderCancelledOptional, false, "The order was cancelled; it no longer counts as a purchase."},
    {kind::order_refunded, "Order Refunded", EventType::track, EventGroup::order, kOrderRefundedRequired,
     kOrderRefundedOptional, false, "Money was paid back."},
    {kind::shipment_updated, "Shipment Updated", EventType::track, EventGroup::order,
     kShipmentUpdatedRequired, kShipmentUpdatedOptional, false, "The parcel reached a step."},
    {kind::shipment_promised, "Shipment Promised", EventType::track, EventGroup::order,
     kShipmentPromisedRequired, kShipmentPromisedOptional, false, "The step is promised by a moment."},
    {kind::return_requested, "Return Requested", EventType::track, EventGroup::returns,
     kReturnRequestedRequired, kReturnRequestedOptional, false, "The customer wants to return."},
    {kind::return_updated, "Return Updated", EventType::track, EventGroup::returns, kReturnUpdatedRequired,
     kReturnUpdatedOptional, false, "The return moved on."},
    {kind::contact_started, "Contact Started", EventType::track, EventGroup::contact, kContactStartedRequired,
     kContactStartedOptional, false, "A conversation began."},
    {kind::message_posted, "Message Posted", EventType::track, EventGroup::contact, kMessagePostedRequired,
     kMessagePostedOptional, false, "Something was said in it."},
    {kind::contact_ended, "Contact Ended", EventType::track, EventGroup::contact, kContactEndedRequired,
     kContactEndedOptional, false, "It ended."},
    {kind::ticket_opened, "Ticket Opened", EventType::track, EventGroup::contact, kTicketOpenedRequired,
     kTicketOpenedOptional, false, "A problem was written down."},
    {kind::ticket_updated, "Ticket Updated", EventType::track, EventGroup::contact, kTicketUpdatedRequired,
     kTicketUpdatedOptional, false, "The problem moved on."},
    {kind::ticket_assigned, "Ticket Assigned", EventType::track, EventGroup::contact, kTicketAssignedRequired,
     kTicketAssignedOptional, false, "Somebody took it."},
    {kind::review_posted, "Review Posted", EventType::track, EventGroup::voice, kReviewPostedRequired,
     kReviewPostedOptional, false, "A review of a product."},
    {kind::review_followed_up, "Review Followed Up", EventType::track, EventGroup::voice,
     kReviewFollowedUpRequired, kReviewFollowedUpOptional, false, "The author came back to the review."},
    {kind::review_replied, "Review Replied", EventType::track, EventGroup::voice, kReviewRepliedRequired,
     kReviewRepliedOptional, false, "The shop answered in public."},
    {kind::survey_shown, "Survey Shown", EventType::track, EventGroup::voice, kSurveyShownRequired,
     kSurveyShownOptional, false, "A survey was shown."},
    {kind::survey_answered, "Survey Answered", EventType::track, EventGroup::voice, kSurveyAnsweredRequired,
     kSurveyAnsweredOptional, false, "A survey was answered."},
    {kind::feedback_classified,
     "Feedback Classified",
     EventType::track,
     EventGroup::voice,
     kFeedbackClassifiedRequired,
     {},
     false,
     "Feedback was classified, clause by clause."},
    {kind::feedback_corrected, "Feedback Corrected", EventType::track, EventGroup::voice,
     kFeedbackCorrectedRequired, kFeedbackCorrectedOptional, false, "A person corrected a classification."},
    {kind::service_offered, "Service Offered", EventType::track, EventGroup::service, kServiceOfferedRequired,
     kServiceOfferedOptional, false, "A service was offered."},
    {kind::service_known,
     "Service Known",
     EventType::track,
     EventGroup::service,
     kServiceKnownRequired,
     {},
     false,
     "The customer knows the service."},
    {kind::service_bought, "Service Bought", EventType::track, EventGroup::service, kServiceBoughtRequired,
     kServiceBoughtOptional, false, "A service was bought."},
    {kind::service_entitled, "Service Entitled", EventType::track, EventGroup::service,
     kServiceEntitledRequired, kServiceEntitledOptional, false, "A service came with a tier or product."},
    {kind::service_booked, "Service Booked", EventType::track, EventGroup::service, kServiceBookedRequired,
     kServiceBookedOptional, false, "An appointment was made."},
    {kind::service_delivered, "Service Delivered", EventType::track, EventGroup::service,
     kServiceDeliveredRequired, kServiceDeliveredOptional, false, "The service was delivered."},
    {kind::service_used,
     "Service Used",
     EventType::track,
     EventGroup::service,
     kServiceUsedRequired,
     {},
     false,
     "The service was used."},
    {kind::service_rated, "Service Rated", EventType::track, EventGroup::service, kServiceRatedRequired,
     kServiceRatedOptional, false, "The service was rated."},
    {kind::service_renewed, "Service Renewed", EventType::track, EventGroup::service, kServiceRenewedRequired,
     kServiceRenewedOptional, false, "The service was renewed."},
    {kind::service_lapsed, "Service Lapsed", EventType::track, EventGroup::service, kServiceLapsedRequired,
     kServiceLapsedOptional, false, "The service lapsed."},
    {kind::points_changed, "Points Changed", EventType::track, EventGroup::member, kPointsChangedRequired,
     kPointsChangedOptional, false, "Points were given or spent."},
    {kind::coupon_granted, "Coupon Granted", EventType::track, EventGroup::member, kCouponGrantedRequired,
     kCouponGrantedOptional, false, "A coupon was given."},
    {kind::coupon_redeemed, "Coupon Redeemed", EventType::track, EventGroup::member, kCouponRedeemedRequired,
     kCouponRedeemedOptional, false, "A coupon was used."},
    {kind::coupon_expired,
     "Coupon Expired",
     EventType::track,
     EventGroup::member,
     kCouponExpiredRequired,
     {},
     false,
     "A coupon expired."},
    {kind::tier_changed, "Tier Changed", EventType::track, EventGroup::member, kTierChangedRequired,
     kTierChangedOptional, false, "The membership tier changed."},
    {kind::recommendation_shown, "Recommendation Shown", EventType::track, EventGroup::decision,
     kRecommendationShownRequired, kRecommendationShownOptional, false, "A recommended thing was seen."},
    {kind::recommendation_clicked, "Recommendation Clicked", EventType::track, EventGroup::decision,
     kRecommendationClickedRequired, kRecommendationClickedOptional, false, "It was clicked."},
    {kind::recommendation_bought, "Recommendation Bought", EventType::track, EventGroup::decision,
     kRecommendationBoughtRequired, kRecommendationBoughtOptional, false, "It was bought."},
    {kind::recommendation_ignored, "Recommendation Ignored", EventType::track, EventGroup::decision,
     kRecommendationIgnoredRequired, kRecommendationIgnoredOptional, false, "It was seen and left."},
    {kind::message_decided, "Message Decided", EventType::track, EventGroup::decision,
     kMessageDecidedRequired, kMessageDecidedOptional, false, "A message was decided."},
    {kind::message_sent,
     "Message Sent",
     EventType::track,
     EventGroup::decision,
     kMessageSentRequired,
     {},
     false,
     "It was sent."},
    {kind::message_delivered,
     "Message Delivered",
     EventType::track,
     EventGroup::decision,
     kMessageDeliveredRequired,
     {},
     false,
     "It arrived."},
    {kind::message_opened,
     "Message Opened",
     EventType::track,
     EventGroup::decision,
     kMessageOpenedRequired,
     {},
     false,
     "It was opened."},
    {kind::message_clicked,
     "Message Clicked",
     EventType::track,
     EventGroup::decision,
     kMessageClickedRequired,
     {},
     false,
     "Its link was followed."},
    {kind::message_failed, "Message Failed", EventType::track, EventGroup::decision, kMessageFailedRequired,
     kMessageFailedOptional, false, "It could not be delivered."},
    {kind::experiment_assigned,
     "Experiment Assigned",
     EventType::track,
     EventGroup::decision,
     kExperimentAssignedRequired,
     {},
     false,
     "The customer is in an arm of an experiment."},
    {kind::need_predicted, "Need Predicted", EventType::track, EventGroup::decision, kNeedPredictedRequired,
     kNeedPredictedOptional, false, "A need was predicted."},
    {kind::device_reported, "Device Reported", EventType::track, EventGroup::device, kDeviceReportedRequired,
     kDeviceReportedOptional, false, "A device told a measure."},
    {kind::product_published, "Product Published", EventType::track, EventGroup::catalogue,
     kProductPublishedRequired, kProductPublishedOptional, true, "A product, whole."},
    {kind::service_published, "Service Published", EventType::track, EventGroup::catalogue,
     kServicePublishedRequired, kServicePublishedOptional, true,
     "A service, whole. Its members `calendar` (the id of a calendar: its hours), `capacity` (appointments "
     "at "
     "one time) and `bookable` (true or false) say how it is booked."},
    {kind::content_published, "Content Published", EventType::track, EventGroup::catalogue,
     kContentPublishedRequired, kContentPublishedOptional, true, "A content piece, whole."},
    {kind::coupon_published, "Coupon Published", EventType::track, EventGroup::catalogue,
     kCouponPublishedRequired, kCouponPublishedOptional, true, "A coupon, whole."},
    {kind::competitor_published, "Competitor Published", EventType::track, EventGroup::catalogue,
     kCompetitorPublishedRequired, kCompetitorPublishedOptional, true, "A competitor's offer, whole."},
    {kind::bundle_published, "Bundle Published", EventType::track, EventGroup::catalogue,
     kBundlePublishedRequired, kBundlePublishedOptional, true, "A bundle, whole."},
    {kind::rule_published,
     "Rule Published",
     EventType::track,
     EventGroup::policy,
     kRulePublishedRequired,
     {},
     true,
     "A rule of a segment, whole."},
    {kind::scene_published,
     "Scene Published",
     EventType::track,
     EventGroup::policy,
     kScenePublishedRequired,
     {},
     true,
     "A recommendation scene, whole."},
    {kind::calendar_published,
     "Calendar Published",
     EventType::track,
     EventGroup::policy,
     kCalendarPublishedRequired,
     {},
     true,
     "A business calendar as UTC open intervals."},
    {kind::goal_published,
     "Goal Published",
     EventType::track,
     EventGroup::policy,
     kGoalPublishedRequired,
     {},
     true,
     "A goal of the programme, whole."},
    {kind::hypothesis_published,
     "Hypothesis Published",
     EventType::track,
     EventGroup::policy,
     kHypothesisPublishedRequired,
     {},
     true,
     "A hypothesis card, whole."},
    {kind::survey_published,
     "Survey Published",
     EventType::track,
     EventGroup::policy,
     kSurveyPublishedRequired,
     {},
     true,
     "A survey, whole."},
    {kind::study_published,
     "Study Published",
     EventType::track,
     EventGroup::policy,
     kStudyPublishedRequired,
     {},
     true,
     "A study's specification and result."},
    {kind::verdict_reached, "Verdict Reached", EventType::track, EventGroup::policy, kVerdictReachedRequired,
     kVerdictReachedOptional, true, "What a study concluded."},
    {kind::action_taken, "Action Taken", EventType::track, EventGroup::policy, kActionTakenRequired,
     kActionTakenOptional, true, "What was done about it."},
    {kind::value_published, "Value Published", EventType::track, EventGroup::policy, kValuePublishedRequired,
     kValuePublishedOptional, true, "A number that rules compare with: a quantile, a season."},
    {kind::survey_invited, "Survey Invited", EventType::track, EventGroup::voice, kSurveyInvitedRequired,
     kSurveyInvitedOptional, false, "The customer was asked to answer a survey, or reminded of it."},
    {kind::service_level_published,
     "Service Level Published",
     EventType::track,
     EventGroup::policy,
     kServiceLevelPublishedRequired,
     {},
     true,
     "What is promised by when, who answers for it, and who is called when it is late."},
    {kind::roster_published,
     "Roster Published",
     EventType::track,
     EventGroup::policy,
     kRosterPublishedRequired,
     {},
     true,
     "Who works for the shop: departments, skills, shifts, how much each can carry."},
    {kind::clock_reached, "Clock Reached", EventType::track, EventGroup::contact, kClockReachedRequired,
     kClockReachedOptional, false, "A promise came near its end, or past it, and somebody was told."},
    {kind::parcel_policy_published,
     "Parcel Policy Published",
     EventType::track,
     EventGroup::policy,
     kPolicyPublishedRequired,
     {},
     true,
     "When a likely delay is announced, and what is given for it."},
    {kind::return_policy_published,
     "Return Policy Published",
     EventType::track,
     EventGroup::policy,
     kPolicyPublishedRequired,
     {},
     true,
     "Which returns are decided by rule."},
    {kind::delay_announced, "Delay Announced", EventType::track, EventGroup::order, kDelayAnnouncedRequired,
     kDelayAnnouncedOptional, false, "The customer was told that her parcel is or will be late."},
    {kind::desk_policy_published,
     "Desk Policy Published",
     EventType::track,
     EventGroup::policy,
     kDeskPolicyPublishedRequired,
     {},
     true,
     "What agents may do for a customer by themselves, and what needs a second person."},
    {kind::macro_published,
     "Macro Published",
     EventType::track,
     EventGroup::policy,
     kMacroPublishedRequired,
     {},
     true,
     "An answer that agents use, by language, with steps."},
    {kind::ticket_action_updated, "Ticket Action Updated", EventType::track, EventGroup::contact,
     kTicketActionUpdatedRequired, kTicketActionUpdatedOptional, false,
     "An agent's refund, coupon or appointment on a ticket: asked for, let through, refused, done."},
    {kind::feedback_answered, "Feedback Answered", EventType::track, EventGroup::voice,
     kFeedbackAnsweredRequired, kFeedbackAnsweredOptional, false,
     "The author was told what the shop did about what she said."},
    {kind::booking_cancelled, "Booking Cancelled", EventType::track, EventGroup::service,
     kBookingCancelledRequired, kBookingCancelledOptional, false,
     "An appointment will not be kept; one that is moved is made anew in the same write."},
};
extern const std::size_t kEventCount = std::size(kEvents);

}  // namespace rapport::model::tables
