# The DynamoDB of icecat-local: a library of its own, so that tests can call it without a server.
if(NOT TARGET PkgConfig::SQLITE)
  pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET "sqlite3>=3.35")
endif()
add_library(icecat_dynamodb STATIC
  dynamodb.c dynamodb_arn.c dynamodb_batch_get.c dynamodb_batch_write.c dynamodb_binary.c dynamodb_capacity.c
  dynamodb_condition.c dynamodb_expression.c dynamodb_fault.c dynamodb_get.c dynamodb_input.c
  dynamodb_key.c dynamodb_lexer.c dynamodb_number.c dynamodb_page.c dynamodb_parse_condition.c
  dynamodb_parse_update.c dynamodb_parser.c dynamodb_project.c dynamodb_query.c dynamodb_range.c
  dynamodb_schema.c dynamodb_scope.c dynamodb_sql.c dynamodb_store.c dynamodb_table.c
  dynamodb_ttl.c dynamodb_types.c dynamodb_update.c dynamodb_value_copy.c dynamodb_words.c
  dynamodb_write.c)
target_include_directories(icecat_dynamodb PUBLIC ${CMAKE_CURRENT_LIST_DIR})
target_compile_definitions(icecat_dynamodb PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(icecat_dynamodb PRIVATE icecat_flags icecat_local_base m PUBLIC PkgConfig::CJSON PkgConfig::SQLITE)
