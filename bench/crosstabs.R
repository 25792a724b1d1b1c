# Time, three runs, the sums behind every weighted share with its standard error, overall and by department.
# Arguments: folder with the columns, number of respondents, item names separated by commas.
# Prints the seconds of each run, and sum= the weights of all answers as a check.
suppressPackageStartupMessages(library(data.table))
args <- commandArgs(TRUE)
dir <- args[1]
n <- as.integer(args[2])
items <- strsplit(args[3], ",")[[1]]
setDTthreads(2)

column <- function(name, what, size, signed = TRUE)
  readBin(file.path(dir, name), what, n = n, size = size, signed = signed)

wave <- data.table(department = column("department.u16", "integer", 2, FALSE), w = column("weight.f64", "numeric", 8))
for (id in items) set(wave, j = id, value = column(paste0(id, ".u8"), "integer", 1, FALSE))

for (run in 1:3) {
  total <- 0
  seconds <- system.time({
    wave[, w2 := w * w]
    for (id in items) {
      t <- wave[, .(n = .N, sw = sum(w), sw2 = sum(w2)), by = c("department", id)]
      total <- total + sum(t$sw[t[[id]] >= 5])
    }
  })[["elapsed"]]
  cat(seconds, "\n")
}
cat(sprintf("sum=%.10g\n", total))
