# Requests and answers as plain data; every service is built on them.
add_library(icecat_local_http STATIC http.c)
target_include_directories(icecat_local_http PUBLIC ${CMAKE_CURRENT_LIST_DIR})
target_compile_definitions(icecat_local_http PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(icecat_local_http PRIVATE icecat_flags)
