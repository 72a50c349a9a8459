/*
 * man_local.c - the manual page of icecat-local, from the rows of its help.
 */
#include "man.h"
#include "settings_help.h"

void man_local(FILE *out, const struct page_program *program, const struct man_stamp *stamp)
{
    const settings_help_row *row;

    man_begin(out, program->name, program->summary, stamp);
    fputs(".SH SYNOPSIS\n.B icecat\\-local\n[\\fIOPTIONS\\fR]\n.SH DESCRIPTION\n"
          "S3, DynamoDB, Rekognition, SSM and the Lambda Runtime API on this machine, for\n"
          ".BR icecat (1)\nand every other client. Prints the environment for its\n"
          "clients: eval what it prints. It serves until a signal comes. Values between\n"
          "parentheses are the defaults.\n.SH OPTIONS\n",
          out);
    for (size_t i = 0; (row = settings_help_at(i)) != NULL; i++) {
        if (row->name == NULL) {
            fputs(".SS ", out);
            man_text(out, row->text);
            continue;
        }
        fputs(".TP\n.B ", out);
        man_text(out, row->name);
        man_text(out, row->text);
    }
    fputs(
        ".SH EXIT STATUS\n.TP\n.B 0\nended by a signal, as asked\n.TP\n.B 1\ncould not start or go "
        "on\n.TP\n.B 2\nthe command line is wrong\n.SH SEE ALSO\n.BR icecat (1)\n",
        out);
}
