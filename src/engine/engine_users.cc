#include "engine/detail/impl.h"
#include "engine/detail/users.h"
#include "engine/engine.h"

/// Users of the console and their one-time links.
namespace rapport::engine {
namespace {

/// Runs `task` where passwords are hashed; refuses with overloaded when too many wait.
template <class T>
void on_password_thread(Users& users, Reply<T> reply, std::function<Result<T>()> task) {
  auto shared = std::make_shared<Reply<T>>(std::move(reply));
  if (!users.run([shared, task = std::move(task)] { (*shared)(task()); }))
    (*shared)(Error{Errc::overloaded, "too many passwords wait to be checked", "", "again in a few seconds"});
}

}  // namespace

std::vector<model::UserAnswer> Engine::users() const {
  return impl_->users->all();
}

std::optional<model::UserAnswer> Engine::user(std::uint64_t id) const {
  return impl_->users->find(id);
}

bool Engine::has_owner() const {
  return impl_->users->has_owner();
}

void Engine::add_user(NewUser asked, Reply<model::UserAnswer> reply) {
  Users& users = *impl_->users;
  on_password_thread<model::UserAnswer>(users, std::move(reply),
                                        [&users, asked = std::move(asked)] { return users.add(asked); });
}

void Engine::change_user(std::uint64_t id, UserChange asked, Reply<model::UserAnswer> reply) {
  Users& users = *impl_->users;
  on_password_thread<model::UserAnswer>(
      users, std::move(reply), [&users, id, asked = std::move(asked)] { return users.change(id, asked); });
}

void Engine::remove_user(std::uint64_t id, Reply<std::uint64_t> reply) {
  Users& users = *impl_->users;
  on_password_thread<std::uint64_t>(users, std::move(reply), [&users, id]() -> Result<std::uint64_t> {
    RAPPORT_CHECK(users.remove(id));
    return id;
  });
}

void Engine::check_password(std::string name, std::string password, Reply<model::UserAnswer> reply) {
  Users& users = *impl_->users;
  on_password_thread<model::UserAnswer>(users, std::move(reply),
                                        [&users, name = std::move(name), password = std::move(password)] {
                                          return users.check(name, password);
                                        });
}

Result<model::NewLink> Engine::add_link(const model::LinkAnswer& what) {
  return impl_->users->add_link(what);
}

Result<model::LinkAnswer> Engine::take_link(std::string_view token) {
  return impl_->users->take_link(token);
}

}  // namespace rapport::engine
