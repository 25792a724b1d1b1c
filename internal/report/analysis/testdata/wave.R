# Reads a wave from its file with answers, and estimates a domain of it. Sourced by the oracles.
suppressPackageStartupMessages({library(survey); library(jsonlite); library(data.table)})
options(survey.lonely.psu = "adjust", warn = -1)

chr <- function(x) vapply(x, as.character, "")
num <- function(x) vapply(x, as.numeric, 0)
or_na <- function(x) if (is.null(x)) NA else x

# Answers by variable: option identifiers, NA outside the base. Answers to what was not asked are set aside.
recode <- function(wave, raw) {
  a <- new.env()
  asked <- new.env()
  for (v in wave$variables) {
    value <- raw[[v$heading]] # levels of a category are what stands there, to the last space
    cell <- trimws(value)
    if (length(v$spellings)) {
      value <- chr(v$spellings)[match(cell, names(v$spellings))]
      if (any(is.na(value) & cell != "")) stop("unknown cell in ", v$heading)
    }
    value[cell == "" | value == ""] <- NA
    on <- rep(TRUE, nrow(raw))
    if (!is.null(v$condition)) on <- eval(parse(text = v$condition), as.list(a))
    on[is.na(on)] <- FALSE
    value[!on] <- NA
    assign(v$id, value, envir = a)
    assign(v$id, on, envir = asked)
  }
  list(a = a, asked = asked)
}

design_of <- function(wave, raw, answers) {
  d <- data.frame(w = if (is.null(wave$weight)) rep(1, nrow(raw)) else as.numeric(raw[[wave$weight]]))
  d$unit <- if (is.null(wave$cluster)) seq_len(nrow(d)) else raw[[wave$cluster]]
  d$layer <- if (is.null(wave$strata)) "all" else raw[[wave$strata]]
  fpc <- NULL
  if (!is.null(wave$population)) {
    d$size <- wave$population * ave(d$w, d$layer, FUN = length) / nrow(d)
    fpc <- ~size
  }
  des <- svydesign(ids = ~unit, strata = ~layer, weights = ~w, fpc = fpc, data = d, nest = TRUE)
  des$left <- if (is.null(wave$population)) 1 else 1 - nrow(d) / wave$population # finite population factor
  if (is.null(wave$margins)) return(des)
  known <- fread(wave$margins, colClasses = "character")
  known$count <- as.numeric(known$count)
  forms <- list(); pops <- list()
  for (v in unique(known$variable)) {
    m <- known[known$variable == v, ]
    value <- answers$a[[v]]
    total <- sum(known$count[known$variable == known$variable[1]])
    m <- m[m$value %in% value, ]
    freq <- m$count
    if (anyNA(value)) { # whoever gave no answer keeps a share of the weight
      value[is.na(value)] <- "(none)"
      open <- total * sum(d$w[value == "(none)"]) / sum(d$w)
      freq <- c(freq * (total - open) / sum(freq), open)
      m <- rbind(m, data.table(variable = v, value = "(none)", count = open))
    } else {
      freq <- freq * total / sum(freq)
    }
    name <- paste0("m_", v)
    des$variables[[name]] <- factor(value)
    forms <- c(forms, as.formula(paste0("~", name)))
    pops <- c(pops, list(setNames(data.frame(factor(m$value, levels = levels(factor(value))), freq), c(name, "Freq"))))
  }
  des <- rake(des, forms, pops, control = list(maxit = 2000, epsilon = 1e-9))
  names <- vapply(forms, all.vars, "")
  des$margins <- qr(model.matrix(reformulate(names), des$variables))
  des
}

# Means of the columns of y over a domain, with the variance that svymean gives: the linearised columns through svyrecvar.
# After raking, svyrecvar sweeps every column through all rounds of the raking; their limit, the residuals from the
# margins, takes a hundredth of the time. spot_check() holds it against svymean.
domain <- function(des, inside, y) {
  w <- weights(des)
  total <- sum(w[inside])
  y[!inside, ] <- 0
  m <- colSums(w * y) / total
  z <- w * (y - rep(m, each = nrow(y))) * inside / total
  if (!is.null(des$margins)) z <- qr.resid(des$margins, z / w) * w
  v <- svyrecvar(z, des$cluster, des$strata, des$fpc)
  used <- inside & w > 0
  list(mean = as.numeric(m), se = sqrt(pmax(0, diag(as.matrix(v)))), base = sum(inside), kish = total^2 / sum(w[inside]^2) / des$left,
       df = length(unique(des$cluster[used, 1])) - length(unique(des$strata[used, 1])))
}

limits <- function(p, se, base, kish, df, method) {
  if (method == "logit") return(plogis(qlogis(p) + c(-1, 1) * qt(.975, df) * se / (p * (1 - p))))
  if (se == 0 && p > 0 && p < 1) return(c(p, p))
  ne <- if (p <= 0 || p >= 1) kish else p * (1 - p) / se^2
  ne <- ne * (qt(.025, base - 1) / qt(.025, df))^2
  c(if (p > 0) qbeta(.025, ne * p, ne * (1 - p) + 1) else 0, if (p < 1) qbeta(.975, ne * p + 1, ne * (1 - p)) else 1)
}

# What svymean and svyciprop themselves say of some domains must be what domain() and limits() say.
spot_check <- function(des, inside, y, d) {
  s <- des
  s$variables$y_ <- y
  s <- s[which(inside), ]
  m <- svymean(~y_, s)
  if (abs(coef(m) - d$mean) > 1e-12 || abs(SE(m) - d$se) > 1e-8) stop("svymean differs: ", SE(m), " and ", d$se)
  if (degf(s) != d$df) stop("degf differs: ", degf(s), " and ", d$df)
  if (d$mean <= 1e-9 || d$mean >= 1 - 1e-9 || d$base < 10) return(invisible())
  ours <- limits(d$mean, d$se, d$base, d$kish, d$df, "logit")
  # The glm in "logit" can diverge on the empty rows that a raked domain keeps; "xlogit" is the same interval without it.
  for (method in c("xlogit", if (is.null(des$postStrata)) "logit")) {
    ci <- as.numeric(attr(svyciprop(~y_, s, method = method), "ci"))
    if (any(abs(ci - ours) > if (method == "xlogit") 1e-7 else 1e-6)) stop("svyciprop differs by ", method)
  }
}

groups_of <- function(answers, raw, by) {
  g <- if (is.null(answers$a[[by]])) trimws(raw[[by]]) else answers$a[[by]]
  g[g == ""] <- NA
  g
}

# The base and the columns of a question: one 0/1 column an option, or one column of scores.
laid_out <- function(q, answers) {
  if (q$kind == "construct") {
    x <- sapply(q$items, function(i) {
      s <- num(i$scores)[match(answers$a[[i$id]], names(i$scores))]
      if (isTRUE(i$reverse)) q$low + q$high - s else s
    })
    got <- rowSums(!is.na(x))
    y <- rowMeans(x, na.rm = TRUE)
    inside <- got >= max(1, q$minimum)
    y[!inside] <- NA
    return(list(inside = inside, y = matrix(y), items = x))
  }
  if (q$kind == "number") {
    y <- as.numeric(sub(",", ".", answers$a[[q$variable]]))
    return(list(inside = !is.na(y), y = matrix(y)))
  }
  if (q$kind == "indicator") {
    value <- answers$a[[q$variable]]
    inside <- !is.na(value)
    if (isTRUE(q$all)) inside <- inside | !answers$asked[[q$variable]]
    return(list(inside = inside, y = matrix(as.numeric(value %in% chr(q$yes)))))
  }
  value <- answers$a[[q$variable]]
  list(inside = !is.na(value), y = sapply(chr(q$options), function(o) as.numeric(value %in% o)))
}
