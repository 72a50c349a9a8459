# report.cmake - what icecat report is made of. report.css and report.svg become arrays.
function(cli_embed name variable)
  set(source ${CMAKE_CURRENT_LIST_DIR}/${name})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(READ ${source} bytes HEX)
  string(REPEAT "[0-9a-f]" 32 line)
  string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${variable}.c @ONLY CONTENT
       "/* @name@ */\n#include \"report_page.h\"\n\nconst char @variable@[] = {\n@bytes@0\n};\n")
endfunction()

cli_embed(report.css report_css)
cli_embed(report.svg report_svg)
target_sources(icecat_cli_objects PRIVATE
  command_report.c report.c report_card.c report_head.c report_html.c report_labels.c report_orders.c
  report_tables.c report_text.c result_read.c thumbnail.c thumbnail_jpeg.c thumbnail_png.c
  thumbnail_raster.c ${CMAKE_CURRENT_BINARY_DIR}/report_css.c ${CMAKE_CURRENT_BINARY_DIR}/report_svg.c)
target_include_directories(icecat_cli_objects PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(icecat_cli_objects PUBLIC PkgConfig::JPEG PkgConfig::PNG)
