#include "http/detail/handlers_insight.h"
#include "http/detail/topics.h"

// What the console shows of the shop as a whole.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
namespace h = handlers;
constexpr Access kKey = Access::key;
constexpr std::size_t kSmall = 64 * 1024;

constexpr Parameter kCustomers[] = {
    {"query", "string",
     "An identifier exactly, of any kind, or several customers: c_1,c_2; for readers who may see names a "
     "part of one."},
    {"class", "string", "Primary class: problem churn_risk high_value seed potential new other."},
    {"segment", "string", "Who is in it."},
    {"tag", "string", "name:value, or a name alone."},
    {"condition", "string", "A rule of docs/formats/rules.md."},
    {"value_bin", "integer", "Tenth of the value score, 0 to 9."},
    {"urgency_bin", "integer", "Tenth of the urgency score, 0 to 9."},
    {"sort", "string", "last_seen (default), value or urgency; greatest first."},
    {"cursor", "string", "next_cursor of the page before."},
    {"limit", "integer", "At most so many, up to 1000."}};
constexpr std::size_t kPreviewMost = std::size_t{8} << 20;
constexpr Parameter kPreview[] = {{"name", "string", "Name of the file, with its ending.", true},
                                  {"cut_off", "boolean", "The body is the beginning of a longer file."}};
constexpr Parameter kDays[] = {{"days", "integer", "A window of so many days, up to 92; 30 when left out."}};
constexpr Parameter kPageName[] = {{"page", "string", "The page; the most engaged one when left out."}};
constexpr Parameter kMatrix[] = {{"days", "integer", "Flows of so many days, up to 92; 30 when left out."}};

const Route kRoutes[] = {
    {get, "/v1/customers", kKey, read, "customers",
     "A page of customers: searched, filtered, in order of what matters.", "", "CustomerList", "", kCustomers,
     h::customers, 0, false},
    {get, "/v1/segments/matrix", kKey, read, "segments",
     "The user classes on value and urgency, and who moved between them.", "", "SegmentMatrix", "", kMatrix,
     h::segment_matrix, 0, false},
    {post,
     "/v1/rules/check",
     kKey,
     read,
     "segments",
     "Tries a rule on everybody without publishing it: how many, and a few of them.",
     "RuleText",
     "RuleTrial",
     "",
     {},
     h::check_rule,
     kSmall,
     false},
    {get, "/v1/overview", kKey, read, "the whole shop",
     "Tiles with target, change and series, the funnel, what needs a person, what was unlike the days "
     "before.",
     "", "Overview", "", kDays, h::overview, 0, false},
    {get,
     "/v1/services",
     kKey,
     read,
     "the whole shop",
     "Each service: its life over the customers, and satisfaction of those who had it against the others.",
     "",
     "Services",
     "",
     {},
     h::services,
     0,
     false},
    {get, "/v1/journey", kKey, read, "the whole shop",
     "The steps of the journey: how many, how long, where they left, and friction.", "", "Journey", "", kDays,
     h::journey, 0, false},
    {get, "/v1/journey/areas", kKey, read, "the whole shop", "Engagement with the areas of a page.", "",
     "PageAreas", "", kPageName, h::journey_areas, 0, false},
    {get,
     "/v1/goals",
     kKey,
     read,
     "the whole shop",
     "The goals of the programme and what has become of them.",
     "",
     "Goals",
     "",
     {},
     h::goals,
     0,
     false},
    {put,
     "/v1/goals/{id}",
     kKey,
     publish,
     "the whole shop",
     "Publishes a goal (Goal Published).",
     "Goal",
     "Offset",
     "",
     {},
     h::publish_goal,
     kSmall,
     false},
    {post, "/v1/imports/preview", kKey, administer, "events in",
     "What the columns of a file may mean, and a recipe made of these guesses.", "Upload", "ImportPreview",
     "", kPreview, h::import_preview, kPreviewMost, false},
    {get,
     "/v1/imports/{id}/rejected",
     kKey,
     administer,
     "events in",
     "Rows that an import could not take, with what was wrong.",
     "",
     "",
     "text/csv",
     {},
     h::rejected_rows,
     0,
     false},
};

}  // namespace

std::span<const Route> detail::insight_routes() {
  return kRoutes;
}

}  // namespace rapport::http
