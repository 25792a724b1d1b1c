# Expectation maximisation of a Fellegi-Sunter model on counts of patterns, written apart from the Go code: whole vectors, one
# indicator matrix per field. Beside it, for models without constraints, optim climbs the penalised likelihood on its own.
args <- commandArgs(TRUE)
cases <- jsonlite::fromJSON(args[1], simplifyVector = FALSE)
num <- function(x) as.numeric(unlist(x))

solve_case <- function(case) {
  patterns <- do.call(rbind, lapply(case$Patterns, num))
  n <- num(case$Counts)
  apart <- as.logical(unlist(case$Apart))
  fields <- case$Fields
  K <- length(fields)
  total <- sum(n)
  hits <- lapply(seq_len(K), function(k) outer(patterns[, k], seq_along(num(fields[[k]]$M)) - 1, "==") * 1)
  class <- lapply(seq_len(K), function(k) num(fields[[k]]$Class) + 1)
  norm1 <- function(v) v / sum(v)
  prior_m <- lapply(fields, function(f) norm1(num(f$M)) * f$MStrength)
  prior_u <- lapply(fields, function(f) lapply(seq_along(f$U), function(c)
    norm1(num(f$U[[c]])) * (f$UStrength * case$Sampled + num(f$Firm)[c])))
  seen <- lapply(hits, rowSums)

  loglik <- function(m, u, share) {
    lm <- rep(log(share), length(n)); lu <- rep(log1p(-share), length(n))
    for (k in seq_len(K)) {
      lm <- lm + drop(hits[[k]] %*% log(m[[k]]))
      ru <- do.call(rbind, lapply(u[[k]], log))[class[[k]], , drop = FALSE]
      lu <- lu + rowSums(hits[[k]] * ru)
    }
    list(lm = lm, lu = lu)
  }
  m <- lapply(prior_m, norm1); u <- lapply(prior_u, function(r) lapply(r, norm1)); share <- case$Share
  for (step in 1:20000) {
    l <- loglik(m, u, share)
    p <- ifelse(apart, 0, 1 / (1 + exp(l$lu - l$lm)))
    one <- n * p; two <- n * (1 - p)
    nm <- lapply(seq_len(K), function(k) prior_m[[k]] + colSums(hits[[k]] * one))
    nu <- lapply(seq_len(K), function(k) lapply(seq_along(prior_u[[k]]), function(c)
      prior_u[[k]][[c]] + colSums(hits[[k]] * two * (class[[k]] == c))))
    matches <- sum(one)
    held <- fields[[1]]$Held
    q <- num(fields[[1]]$Confused)
    if (length(q) > 0) {
      i <- seq_len(held)
      a <- nm[[1]][i] - prior_m[[1]][i]; b <- nu[[1]][[1]][i] - prior_u[[1]][[1]][i]
      all <- a + b
      b <- all * (b + (all + 10) * q) / (2 * all + 10)
      a <- all - b
      nm[[1]][i] <- a + prior_m[[1]][i]; nu[[1]][[1]][i] <- b + prior_u[[1]][[1]][i]
      matches <- sum(a) / (1 - sum(norm1(prior_m[[1]])[-i]))
    }
    nm <- lapply(seq_len(K), function(k) {
      v <- norm1(nm[[k]]); h <- fields[[k]]$Held
      if (h > 0) { d <- norm1(prior_m[[k]]); free <- seq_len(h); v[free] <- v[free] / sum(v[free]) * sum(d[free]); v[-free] <- d[-free] }
      v
    })
    nu <- lapply(nu, function(r) lapply(r, norm1))
    moved <- max(abs(unlist(nm) - unlist(m)), abs(unlist(nu) - unlist(u)), abs(matches / total - share) / share)
    m <- nm; u <- nu; share <- min(max(matches / total, 1e-3 / total), 0.9)
    if (moved < 1e-12) break
  }

  climbed <- 0
  if (length(num(fields[[1]]$Confused)) == 0 && all(sapply(fields, function(f) f$Held) == 0)) {
    # optim over logits of everything, from the solution moved a little: it must come back to no higher top.
    sizes <- c(lengths(m), unlist(lapply(u, lengths)))
    pack <- function() c(qlogis(share), unlist(lapply(m, log)), unlist(lapply(u, function(r) unlist(lapply(r, log)))))
    target <- function(theta) {
      s <- plogis(theta[1]); at <- 1
      take <- function(len) { v <- theta[at + seq_len(len)]; at <<- at + len; exp(v - max(v)) / sum(exp(v - max(v))) }
      mm <- lapply(m, function(v) take(length(v)))
      uu <- lapply(u, function(r) lapply(r, function(v) take(length(v))))
      l <- loglik(mm, uu, s)
      top <- pmax(l$lm, l$lu)
      both <- ifelse(apart, l$lu, top + log(exp(l$lm - top) + exp(l$lu - top)))
      -(sum(n * both) + sum(unlist(prior_m) * log(unlist(mm))) + sum(unlist(prior_u) * log(unlist(uu)))) / total
    }
    at_top <- pack()
    set.seed(1)
    fit <- optim(at_top + rnorm(length(at_top), 0, 0.02), target, method = "BFGS", control = list(maxit = 200, reltol = 1e-13))
    climbed <- target(at_top) - fit$value
  }
  list(Share = share, M = unlist(m), U = unlist(u), Climbed = climbed)
}
writeLines(jsonlite::toJSON(lapply(cases, solve_case), digits = NA, auto_unbox = TRUE), args[2])
