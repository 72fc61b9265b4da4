#include <algorithm>
#include <charconv>
#include <cstring>

#include "lens/detail/session.h"

// DuckDB functions that know customers and keys. The session is taken when a query is planned and travels
// with the plan, so that a function never asks which thread it runs on.
namespace rapport::lens::detail {
namespace {

using Held = std::shared_ptr<Session>;

void bind_session(duckdb_bind_info info) {
  const auto destroy = [](void* held) { delete static_cast<Held*>(held); };
  const auto copy = [](void* held) -> void* { return new Held(*static_cast<Held*>(held)); };
  duckdb_scalar_function_set_bind_data(info, new Held(current_session()), destroy);
  duckdb_scalar_function_set_bind_data_copy(info, copy);
}

Session* session_of(duckdb_function_info info) {
  auto* held = static_cast<Held*>(duckdb_scalar_function_get_bind_data(info));
  return held == nullptr ? nullptr : held->get();
}

/// The arguments of one call over a chunk.
struct Call {
  Session* session;
  std::size_t rows;
  duckdb_vector nodes_vector;
  const std::uint32_t* nodes;
  std::uint64_t* valid;
  duckdb_vector output;

  Call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector out)
      : session(session_of(info)),
        rows(duckdb_data_chunk_get_size(input)),
        nodes_vector(duckdb_data_chunk_get_vector(input, 0)),
        nodes(static_cast<const std::uint32_t*>(duckdb_vector_get_data(nodes_vector))),
        valid(duckdb_vector_get_validity(nodes_vector)),
        output(out) {}

  bool has_node(std::size_t row) const {
    return valid == nullptr || duckdb_validity_row_is_valid(valid, row);
  }
  std::uint32_t customer(std::size_t row) const {
    return session != nullptr && has_node(row) ? session->customer(nodes[row]) : 0;
  }
  void set_null(std::size_t row) const {
    duckdb_vector_ensure_validity_writable(output);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(output), row);
  }
  void set_text(std::size_t row, const std::optional<std::string>& text) const {
    if (!text) {
      set_null(row);
    } else {
      duckdb_vector_assign_string_element_len(output, row, text->data(), text->size());
    }
  }
};

void customer_no(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const Call call(info, input, output);
  auto* numbers = static_cast<std::uint32_t*>(duckdb_vector_get_data(output));
  for (std::size_t i = 0; i < call.rows; ++i) {
    numbers[i] = call.customer(i);
    if (numbers[i] == 0) call.set_null(i);
  }
}

void customer_text(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const Call call(info, input, output);
  for (std::size_t i = 0; i < call.rows; ++i) {
    const std::uint32_t customer = call.customer(i);
    if (customer == 0) {
      call.set_null(i);
      continue;
    }
    char text[16] = {'c', '_'};
    const auto end = std::to_chars(text + 2, text + sizeof text, customer);
    duckdb_vector_assign_string_element_len(output, i, text, static_cast<idx_t>(end.ptr - text));
  }
}

void identifier_of(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const Call call(info, input, output);
  for (std::size_t i = 0; i < call.rows; ++i) {
    const bool may = call.session != nullptr && call.session->may_reveal() && call.has_node(i);
    call.set_text(i, may ? call.session->identifier(call.nodes[i]) : std::nullopt);
  }
}

template <SealedAs what>
void reveal(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const Call call(info, input, output);
  duckdb_vector sealed_vector = duckdb_data_chunk_get_vector(input, 1);
  auto* sealed = static_cast<duckdb_string_t*>(duckdb_vector_get_data(sealed_vector));
  std::uint64_t* valid = duckdb_vector_get_validity(sealed_vector);
  for (std::size_t i = 0; i < call.rows; ++i) {
    const bool may = call.session != nullptr && call.session->may_reveal() && call.has_node(i) &&
                     (valid == nullptr || duckdb_validity_row_is_valid(valid, i));
    if (!may) {
      call.set_null(i);
      continue;
    }
    const std::string_view bytes(duckdb_string_t_data(&sealed[i]), duckdb_string_t_length(sealed[i]));
    call.set_text(i, call.session->reveal(what, call.nodes[i], bytes));
  }
}

struct ScalarSpec {
  const char* name;
  duckdb_scalar_function_t function;
  std::vector<duckdb_type> parameters;
  duckdb_type result;
};

Status register_scalar(const DuckConnection& connection, const ScalarSpec& spec) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(function, spec.name);
  for (const duckdb_type parameter : spec.parameters) {
    duckdb_logical_type type = duckdb_create_logical_type(parameter);
    duckdb_scalar_function_add_parameter(function, type);
    duckdb_destroy_logical_type(&type);
  }
  duckdb_logical_type result = duckdb_create_logical_type(spec.result);
  duckdb_scalar_function_set_return_type(function, result);
  duckdb_destroy_logical_type(&result);
  duckdb_scalar_function_set_bind(function, bind_session);
  duckdb_scalar_function_set_function(function, spec.function);
  const auto state = duckdb_register_scalar_function(connection.get(), function);
  duckdb_destroy_scalar_function(&function);
  if (state == DuckDBSuccess) return {};
  return fail(Errc::internal, "DuckDB does not take the function {}", spec.name);
}

/// A set of customer numbers: open addressing, 0 marks a free place, grown at three quarters.
class NumberSet {
 public:
  void insert(std::uint32_t number) {
    if (number == 0) return;
    if (count_ * 4 >= places_.size() * 3) grow();
    place(number);
  }
  std::size_t size() const { return count_; }
  template <class Visit>
  void each(Visit visit) const {
    for (const std::uint32_t number : places_) {
      if (number != 0) visit(number);
    }
  }

 private:
  void place(std::uint32_t number) {
    const std::size_t mask = places_.size() - 1;
    std::size_t at = (number * 0x9E3779B1u) & mask;
    while (places_[at] != 0) {
      if (places_[at] == number) return;
      at = (at + 1) & mask;
    }
    places_[at] = number;
    ++count_;
  }
  void grow() {
    std::vector<std::uint32_t> old(std::max<std::size_t>(16, places_.size() * 2));
    old.swap(places_);
    count_ = 0;
    for (const std::uint32_t number : old) {
      if (number != 0) place(number);
    }
  }
  std::vector<std::uint32_t> places_;
  std::size_t count_ = 0;
};

// The aggregate takes customer numbers; the view column `customer` gives them.
struct CountState {
  NumberSet* set;
};

CountState* count_state(duckdb_aggregate_state state) {
  return reinterpret_cast<CountState*>(state);
}

void count_update(duckdb_function_info, duckdb_data_chunk input, duckdb_aggregate_state* states) {
  const std::size_t rows = duckdb_data_chunk_get_size(input);
  duckdb_vector vector = duckdb_data_chunk_get_vector(input, 0);
  const auto* numbers = static_cast<const std::uint32_t*>(duckdb_vector_get_data(vector));
  std::uint64_t* valid = duckdb_vector_get_validity(vector);
  for (std::size_t i = 0; i < rows; ++i) {
    if (valid != nullptr && !duckdb_validity_row_is_valid(valid, i)) continue;
    CountState* state = count_state(states[i]);
    if (state->set == nullptr) state->set = new NumberSet;
    state->set->insert(numbers[i]);
  }
}

void count_combine(duckdb_function_info, duckdb_aggregate_state* from, duckdb_aggregate_state* to,
                   idx_t rows) {
  for (idx_t i = 0; i < rows; ++i) {
    CountState* source = count_state(from[i]);
    CountState* target = count_state(to[i]);
    if (source->set == nullptr) continue;
    if (target->set == nullptr) target->set = new NumberSet;
    source->set->each([&](std::uint32_t number) { target->set->insert(number); });
  }
}

void count_finalize(duckdb_function_info, duckdb_aggregate_state* states, duckdb_vector result, idx_t rows,
                    idx_t offset) {
  auto* counts = static_cast<std::int64_t*>(duckdb_vector_get_data(result));
  for (idx_t i = 0; i < rows; ++i) {
    const CountState* state = count_state(states[i]);
    counts[offset + i] = state->set == nullptr ? 0 : static_cast<std::int64_t>(state->set->size());
  }
}

void count_destroy(duckdb_aggregate_state* states, idx_t rows) {
  for (idx_t i = 0; i < rows; ++i) {
    delete count_state(states[i])->set;
    count_state(states[i])->set = nullptr;
  }
}

Status register_count_customers(const DuckConnection& connection) {
  duckdb_aggregate_function function = duckdb_create_aggregate_function();
  duckdb_aggregate_function_set_name(function, "count_customers");
  duckdb_logical_type number = duckdb_create_logical_type(DUCKDB_TYPE_UINTEGER);
  duckdb_logical_type result = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
  duckdb_aggregate_function_add_parameter(function, number);
  duckdb_aggregate_function_set_return_type(function, result);
  duckdb_destroy_logical_type(&number);
  duckdb_destroy_logical_type(&result);
  duckdb_aggregate_function_set_functions(
      function, [](duckdb_function_info) -> idx_t { return sizeof(CountState); },
      [](duckdb_function_info, duckdb_aggregate_state state) { count_state(state)->set = nullptr; },
      count_update, count_combine, count_finalize);
  duckdb_aggregate_function_set_destructor(function, count_destroy);
  const auto state = duckdb_register_aggregate_function(connection.get(), function);
  duckdb_destroy_aggregate_function(&function);
  if (state == DuckDBSuccess) return {};
  return Error{Errc::internal, "DuckDB does not take the function count_customers"};
}

}  // namespace

Status register_functions(const DuckConnection& connection) {
  const ScalarSpec kScalars[] = {
      {"customer_no", customer_no, {DUCKDB_TYPE_UINTEGER}, DUCKDB_TYPE_UINTEGER},
      {"customer_text", customer_text, {DUCKDB_TYPE_UINTEGER}, DUCKDB_TYPE_VARCHAR},
      {"identifier_of", identifier_of, {DUCKDB_TYPE_UINTEGER}, DUCKDB_TYPE_VARCHAR},
      {"reveal", reveal<SealedAs::personal>, {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BLOB}, DUCKDB_TYPE_VARCHAR},
      {"reveal_identifier",
       reveal<SealedAs::identifier>,
       {DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BLOB},
       DUCKDB_TYPE_VARCHAR},
  };
  for (const ScalarSpec& spec : kScalars) RAPPORT_CHECK(register_scalar(connection, spec));
  return register_count_customers(connection);
}

}  // namespace rapport::lens::detail
