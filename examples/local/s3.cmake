# The S3 of icecat-local: a library of its own, so that tests can call it without a server.
add_library(icecat_local_s3 STATIC
  s3.c s3_body.c s3_bucket.c s3_checksum.c s3_condition.c s3_copy.c s3_delete.c s3_digest.c
  s3_fault.c s3_get.c s3_headers.c s3_list.c s3_list_page.c s3_probe.c s3_put.c
  s3_route.c s3_store.c s3_text.c s3_upload.c s3_upload_complete.c s3_upload_list.c
  s3_upload_part.c s3_uri.c s3_xml.c s3_xml_read.c)
target_include_directories(icecat_local_s3 PUBLIC ${CMAKE_CURRENT_LIST_DIR})
target_compile_definitions(icecat_local_s3 PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(icecat_local_s3 PRIVATE icecat_flags PkgConfig::CRYPTO
                      PUBLIC icecat_local_base icecat_local_http PkgConfig::SQLITE)
