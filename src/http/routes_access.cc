#include "http/detail/ask.h"
#include "http/detail/topics.h"
#include "http/router.h"

/// The topic "access": who works at the console.
namespace rapport::http {
namespace {

using enum model::Permission;
using enum Method;
namespace h = handlers;

constexpr std::size_t kSmall = 16 * 1024;
constexpr Access kOpen = Access::open;
constexpr Access kKey = Access::key;

const Route kRoutes[] = {
    {get,
     "/v1/session",
     kOpen,
     read,
     "access",
     "Who is signed in, and what the console needs to know first.",
     "",
     "Session",
     "",
     {},
     h::session,
     0},
    {post,
     "/v1/session",
     kOpen,
     read,
     "access",
     "Signs in with name and password; sets the session's cookie. 429 after repeated failures.",
     "SignIn",
     "Session",
     "",
     {},
     h::sign_in,
     kSmall},
    {post,
     "/v1/session/link",
     kOpen,
     read,
     "access",
     "Signs in with the token of a one-time link, which holds once and for a day.",
     "LinkToken",
     "Session",
     "",
     {},
     h::sign_in_by_link,
     kSmall},
    {del, "/v1/session", kKey, read, "access", "Signs out.", "", "", "", {}, h::sign_out, 0},
    {put,
     "/v1/session/shop",
     kKey,
     read,
     "access",
     "Chooses which of the user's shops the session looks at.",
     "ShopChoice",
     "Session",
     "",
     {},
     h::choose_shop,
     kSmall},
    {post,
     "/v1/setup",
     kKey,
     administer,
     "access",
     "Makes the first owner, and a shop when there is none; for a session of the administrator's link.",
     "Setup",
     "Session",
     "",
     {},
     h::set_up,
     kSmall,
     false,
     {},
     true},
    {post,
     "/v1/links",
     kKey,
     administer,
     "access",
     "Makes a one-time administrator link; over the folder's socket only.",
     "NewLink",
     "Link",
     "",
     {},
     h::add_link,
     kSmall,
     false,
     {},
     true},
    {get,
     "/v1/users",
     kKey,
     administer,
     "access",
     "The users of the console.",
     "",
     "Users",
     "",
     {},
     h::users,
     0},
    {post,
     "/v1/users",
     kKey,
     administer,
     "access",
     "Adds a user; without a password the answer carries the token of a one-time link.",
     "NewUser",
     "User",
     "",
     {},
     h::add_user,
     kSmall,
     false,
     {},
     true},
    {put,
     "/v1/users/{id}",
     kKey,
     read,
     "access",
     "Changes role or password; users change their own password. A password of null makes a one-time link "
     "anew.",
     "UserChange",
     "User",
     "",
     {},
     h::change_user,
     kSmall},
    {del,
     "/v1/users/{id}",
     kKey,
     administer,
     "access",
     "Removes a user and destroys the key that name and password are sealed under.",
     "",
     "",
     "",
     {},
     h::remove_user,
     0},
    {post,
     "/v1/shops",
     kKey,
     administer,
     "access",
     "Makes a shop; for callers that see every shop.",
     "NewShop",
     "Shop",
     "",
     {},
     h::add_shop,
     kSmall,
     false,
     {},
     true},
};

#define RAPPORT_ROLES R"({"enum":["owner","analyst","marketing","product","logistics","agent","viewer"]})"
#define RAPPORT_USER                                                                                         \
  R"("id":{"type":"integer"},"name":{"type":"string"},"role":)" RAPPORT_ROLES R"(,"shops":{"type":"array",)" \
  R"("description":"Empty: every shop.","items":{"type":"string"}},"created":{"type":"string",)"             \
  R"("format":"date-time"},"has_password":{"type":"boolean"})"

constexpr detail::Schema kSchemas[] = {
    {"Session",
     R"({"type":"object","required":["user","shop","shops","permissions","setup_needed","simulated","driven","now","csrf","version"],)"
     R"("properties":{"user":{"type":["object","null"],"description":"id 0 without a name: the administrator, by link.",)"
     R"("required":["id","name","role"],"properties":{"id":{"type":"integer"},"name":{"type":"string"},"role":)" RAPPORT_ROLES
     R"(}},"shop":{"type":["string","null"]},"shops":{"type":"array","items":{"type":"string"}},)"
     R"("permissions":{"type":"array","items":{"type":"string"}},"setup_needed":{"type":"boolean","description":)"
     R"("There is no owner yet."},"simulated":{"type":"boolean"},"driven":{"type":"boolean"},"now":{"type":["string","null"],"format":"date-time",)"
     R"("description":"By the clock of the shop that is shown."},"csrf":{"type":["string","null"],"description":)"
     R"("For X-Rapport-CSRF."},"version":{"type":"string"}}})"},
    {"SignIn",
     R"({"type":"object","required":["name","password"],"properties":{"name":{"type":"string"},"password":)"
     R"({"type":"string"},"shop":{"type":"string"}}})"},
    {"LinkToken", R"({"type":"object","required":["token"],"properties":{"token":{"type":"string"}}})"},
    {"ShopChoice", R"({"type":"object","required":["shop"],"properties":{"shop":{"type":"string"}}})"},
    {"Setup",
     R"({"type":"object","required":["name","password"],"properties":{"name":{"type":"string"},"password":)"
     R"({"type":"string","description":"8 characters or more."},"shop":{"type":"string","description":)"
     R"("Name of the shop that is made when there is none; main."}}})"},
    {"NewLink",
     R"({"type":"object","properties":{"shop":{"type":"string","description":"The shop that is shown first."}}})"},
    {"Link",
     R"({"type":"object","required":["token","expires_at"],"properties":{"token":{"type":"string"},"expires_at":)"
     R"({"type":"string","format":"date-time"}}})"},
    {"NewUser",
     R"({"type":"object","required":["name","role"],"properties":{"name":{"type":"string"},"role":)" RAPPORT_ROLES
     R"(,"password":{"type":["string","null"]},"shops":{"type":"array","items":{"type":"string"},"description":)"
     R"("The caller's own when absent."}}})"},
    {"User",
     R"({"type":"object","required":["id","name","role","shops","created","has_password"],"properties":{)" RAPPORT_USER
     R"(,"token":{"type":"string","description":"Of the user's one-time link; shown this once."},"expires_at":)"
     R"({"type":"string","format":"date-time"}}})"},
    {"Users",
     R"({"type":"object","required":["users"],"properties":{"users":{"type":"array","items":{"type":"object",)"
     R"("required":["id","name","role","shops","created","has_password"],"properties":{)" RAPPORT_USER
     R"(}}}}})"},
    {"UserChange",
     R"({"type":"object","properties":{"role":)" RAPPORT_ROLES R"(,"password":{"type":["string","null"]}}})"},
    {"NewShop",
     R"({"type":"object","required":["name"],"properties":{"name":{"type":"string"},"currency":{"type":"string"},)"
     R"("zone":{"type":"string"},"clock":{"enum":["wall","driven"]}}})"},
    {"Shop",
     R"({"type":"object","required":["name","position","customers","driven","simulated","now"],"properties":{"name":{"type":"string"},)"
     R"("position":{"type":"integer"},"customers":{"type":"integer"},"driven":{"type":"boolean"},"simulated":{"type":"boolean"},)"
     R"("now":{"type":"string","format":"date-time"}}})"},
};
#undef RAPPORT_USER
#undef RAPPORT_ROLES

}  // namespace

std::span<const Route> detail::access_routes() {
  return kRoutes;
}

std::span<const detail::Schema> detail::access_schemas() {
  return kSchemas;
}

}  // namespace rapport::http
