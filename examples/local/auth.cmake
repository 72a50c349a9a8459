# Signatures and bodies of requests to icecat-local: only the public library and libcrypto.
add_library(icecat_local_auth STATIC
  auth.c auth_body.c auth_claim.c auth_json.c auth_s3.c aws_chunked.c)
target_include_directories(icecat_local_auth PUBLIC ${CMAKE_CURRENT_LIST_DIR})
target_compile_definitions(icecat_local_auth PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(icecat_local_auth PRIVATE icecat_flags icecat_static PkgConfig::CRYPTO
                      PUBLIC icecat_local_base icecat_local_http)
