# Reads .sav files with haven and says what is in them.
suppressPackageStartupMessages({library(haven); library(jsonlite)})
args <- commandArgs(trailingOnly = TRUE)
asked <- fromJSON(args[1], simplifyVector = FALSE)
text <- function(x) if (is.null(x)) "" else as.character(x)
answer <- lapply(asked, function(file) {
  d <- read_sav(file, user_na = TRUE)
  list(label = text(attr(d, "label")), notes = paste(text(attr(d, "notes")), collapse = "\n"), variables = lapply(names(d), function(name) {
    x <- d[[name]]
    labels <- attr(x, "labels")
    list(name = name, label = text(attr(x, "label")), format = text(attr(x, "format.spss")),
         measure = text(attr(x, "measure")), range = I(as.numeric(attr(x, "na_range"))), missing = I(is.na(x) | is.nan(as.numeric(x))),
         values = I(as.numeric(x)), labelled = I(as.numeric(labels)), texts = I(as.character(names(labels))))
  }))
})
write(toJSON(answer, auto_unbox = TRUE, digits = NA, na = "null"), args[2])
