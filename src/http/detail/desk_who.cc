#include "http/detail/desk_who.h"

namespace rapport::http::detail {

Result<engine::DeskWho> desk_who(const Ask& ask) {
  const bool reveal = ask.request().from_socket || model::may(ask.who, model::Permission::reveal);
  if (ask.who.user && !ask.request().from_socket)
    return engine::DeskWho{fmt::format("user:{}", ask.who.key_id),
                           std::string(model::user_role_name(*ask.who.user)), reveal};
  engine::DeskWho who{ask.request().from_socket ? "owner" : fmt::format("key:{}", ask.who.key_id), "owner",
                      reveal};
  if (ask.request().body.empty()) return who;
  RAPPORT_TRY(const auto body, Body::parse(ask.request().body));
  RAPPORT_TRY(const std::string agent, body->text_or("agent", ""));
  RAPPORT_TRY(const std::string role, body->text_or("role", ""));
  if (agent.size() > 64) return Error{Errc::bad_input, "a name too long", "agent", "at most 64 bytes"};
  if (!agent.empty()) who.name = agent;
  if (role.empty()) return who;
  if (!model::user_role_from_name(role))
    return Error{Errc::bad_input, "no such role", "role", "owner, logistics or agent"};
  who.role = role;
  return who;
}

}  // namespace rapport::http::detail
