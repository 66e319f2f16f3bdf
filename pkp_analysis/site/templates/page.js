// Comfort only: every page is complete without this script.
(function () {
  "use strict";
  var each = function (selector, work) { Array.prototype.forEach.call(document.querySelectorAll(selector), work); };
  document.documentElement.classList.add("js");
  each("[data-js]", function (element) { element.hidden = false; });

  // Paper shows what is open on the screen; the full version opens everything while it prints.
  var closed = [];
  each("[data-cetak]", function (button) {
    button.addEventListener("click", function () {
      if (button.getAttribute("data-cetak")) { each("details:not([open])", function (part) { closed.push(part); part.open = true; }); }
      window.print();
    });
  });
  window.addEventListener("afterprint", function () { closed.splice(0).forEach(function (part) { part.open = false; }); });

  // Table of contents: mark the section being read.
  var entries = {};
  each(".isi a", function (link) { entries[link.hash.slice(1)] = link; });
  if (window.IntersectionObserver) {
    var watcher = new IntersectionObserver(function (changes) {
      changes.forEach(function (change) {
        if (!change.isIntersecting || !entries[change.target.id]) { return; }
        each(".isi a[aria-current]", function (link) { link.removeAttribute("aria-current"); });
        entries[change.target.id].setAttribute("aria-current", "true");
      });
    }, { rootMargin: "-20% 0px -70% 0px" });
    Object.keys(entries).forEach(function (id) {
      var target = document.getElementById(id);
      if (target) { watcher.observe(target); }
    });
  }

  // Tables with sort buttons: data-nilai on a cell holds what is sorted by.
  var key = function (row, column) {
    var text = row.cells[column].getAttribute("data-nilai");
    if (text === null) { text = row.cells[column].textContent.trim(); }
    return text === "" || isNaN(Number(text)) ? text : Number(text);
  };
  var compare = function (a, b) {
    if (a === "" || b === "") { return a === b ? 0 : a === "" ? 1 : -1; }
    return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), document.documentElement.lang);
  };
  each("table[data-urut] thead button", function (button) {
    button.addEventListener("click", function () {
      var head = button.closest("th"), body = button.closest("table").tBodies[0];
      var down = head.getAttribute("aria-sort") === "ascending";
      each("#" + button.closest("table").id + " th[aria-sort]", function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      Array.prototype.slice.call(body.rows).sort(function (a, b) {
        var x = key(a, head.cellIndex), y = key(b, head.cellIndex);
        return x === "" || y === "" ? compare(x, y) : (down ? -1 : 1) * compare(x, y); // without a value: always last
      }).forEach(function (row) { body.appendChild(row); });
    });
  });

  // Search over the list of pages: every word must occur, in the title first, then in a fact, then in other names;
  // a long word may have one wrong letter. The best hits come first and show the fact that was found.
  var near = function (word, other) {
    if (Math.abs(word.length - other.length) > 1) { return false; }
    var start = 0, end = 0, short = Math.min(word.length, other.length);
    while (start < short && word[start] === other[start]) { start += 1; }
    while (end < short - start && word[word.length - 1 - end] === other[other.length - 1 - end]) { end += 1; }
    var rest = Math.max(word.length, other.length) - start - end;
    return rest < 2 || rest === 2 && word.length === other.length && word[start] === other[start + 1] && word[start + 1] === other[start];
  };
  var exact = function (word, text) { // 3: a word begins so, 2: within a word, 0: not there
    return (" " + text).indexOf(" " + word) >= 0 ? 3 : word.length > 3 && text.indexOf(word) >= 0 ? 2 : 0;
  };
  var score = function (word, text) { // 1: but for one letter
    return exact(word, text) ? exact(word, text) : word.length > 4 && text.split(" ").some(function (other) { return near(word, other) || near(word, other.slice(0, word.length)); }) ? 1 : 0;
  };
  each("[data-cari]", function (field) {
    var list = document.getElementById(field.getAttribute("aria-controls"));
    var status = document.getElementById(field.getAttribute("aria-describedby"));
    var plain = function (text) { return text.toLowerCase().normalize("NFKD").replace(/[^a-z0-9.]+/g, " ").trim(); };
    var groups = Array.prototype.map.call(list.querySelectorAll("ul"), function (group) {
      return { list: group, fold: group.closest("details"), head: group.previousElementSibling, items: Array.prototype.map.call(group.children, function (item) {
        var facts = (item.getAttribute("data-fakta") || "").split("|").filter(Boolean);
        return { item: item, title: plain(item.textContent), names: plain(item.getAttribute("data-kata")), facts: facts, plain: facts.map(plain) };
      }) };
    });
    var found = function (words, entry, score) {
      var points = 0, best = -1, most = 0;
      var whole = words.every(function (word) {
        var title = score(word, entry.title), name = score(word, entry.names);
        var fact = Math.max.apply(null, [0].concat(entry.plain.map(function (text) { return score(word, text); })));
        points += Math.max(100 * title, 10 * fact, name);
        return title || fact || name;
      });
      entry.plain.forEach(function (text, place) {
        var sum = words.reduce(function (total, word) { return total + score(word, text); }, 0);
        if (sum > most) { most = sum; best = place; }
      });
      return whole ? { points: points, fact: best < 0 || words.every(function (word) { return score(word, entry.title) > 1; }) ? "" : entry.facts[best] } : null;
    };
    field.addEventListener("input", function () {
      var typed = plain(field.value), words = typed.split(" ").filter(function (word) { return word.length > 1; }), hits = 0;
      var known = groups.some(function (group) { return group.items.some(function (entry) { return found(words, entry, exact); }); });
      groups.forEach(function (group) {
        var shown = group.items.map(function (entry, place) {
          var hit = words.length ? found(words, entry, known ? exact : score) : field.value.trim() ? null : { points: 0, fact: "" };
          var told = entry.item.querySelector(".temuan");
          if (told) { told.remove(); }
          entry.item.hidden = !hit;
          if (hit && hit.fact) {
            told = document.createElement("span");
            told.className = "temuan";
            told.textContent = hit.fact;
            entry.item.appendChild(told);
          }
          return { item: entry.item, points: hit ? hit.points : -1, place: place };
        });
        shown.sort(function (a, b) { return b.points - a.points || a.place - b.place; }).forEach(function (entry) { group.list.appendChild(entry.item); });
        var count = shown.filter(function (entry) { return entry.points >= 0; }).length;
        (group.fold || group.head).hidden = !count;
        if (group.fold) { group.fold.open = words.length > 0; }
        hits += count;
      });
      var unused = status.getAttribute("data-tanpa").split("|").filter(function (word) { return word && words.length && words.every(function (one) { return score(one, plain(word)); }); })[0];
      var none = (unused ? status.getAttribute("data-tanpa-pola").replace("{status}", unused) + " " : "") + status.getAttribute("data-kosong");
      var text = status.getAttribute("data-pola").replace("{n}", hits);
      status.textContent = !field.value.trim() ? "" : hits ? text : text + ". " + none;
    });
  });

  // Tables that scroll are reached by keyboard; the map that is shown is marked among its links.
  var reachable = function () {
    each(".tabel", function (box) {
      if (box.scrollWidth > box.clientWidth + 1) { box.tabIndex = 0; } else { box.removeAttribute("tabindex"); }
    });
  };
  reachable();
  window.addEventListener("resize", reachable);
  each("details", function (part) { part.addEventListener("toggle", reachable); });
  var chosen = function () {
    var links = document.querySelectorAll(".pilihan a");
    var here = Array.prototype.filter.call(links, function (link) { return link.hash === location.hash; })[0] || links[0];
    each(".pilihan a", function (link) { if (link === here) { link.setAttribute("aria-current", "true"); } else { link.removeAttribute("aria-current"); } });
  };
  chosen();
  window.addEventListener("hashchange", chosen);

  // How to cite a chart names the address the page was opened at.
  each("[data-alamat]", function (part) { part.textContent = location.href.split("#")[0] + part.getAttribute("data-alamat"); });

  // The address of a chart: copied, and shown in the address bar all the same.
  each("a[data-salin]", function (link) {
    link.setAttribute("aria-live", "polite"); // what was done is said aloud
    link.addEventListener("click", function () {
      if (!navigator.clipboard) { return; }
      navigator.clipboard.writeText(link.href).then(function () {
        var before = link.textContent;
        link.textContent = link.getAttribute("data-salin");
        setTimeout(function () { link.textContent = before; }, 2000);
      }, function () {});
    });
  });

  // A chart as PNG: title, note and drawing on a canvas, at twice the size.
  each("a[data-png]", function (link) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = link.getAttribute("data-png");
    button.addEventListener("click", function () {
      var figure = link.closest("figure"), image = figure.querySelector("img"), canvas = document.createElement("canvas");
      var pen = canvas.getContext("2d"), width = 720, edge = 20, lines = [], y = edge;
      var put = function (text, font, color) {
        var line = "";
        pen.font = font;
        text.split(" ").concat(null).forEach(function (word) {
          var longer = line && word ? line + " " + word : word;
          if (line && (word === null || pen.measureText(longer).width > width - 2 * edge)) { lines.push([line, font, color]); line = word; } else { line = longer; }
        });
      };
      var look = getComputedStyle(document.body), paper = getComputedStyle(document.querySelector("main")).backgroundColor;
      put(figure.querySelector("figcaption strong").textContent, "bold 22px Arial, sans-serif", look.color);
      var note = figure.querySelector("figcaption span");
      if (note) { put(note.textContent, "17px Arial, sans-serif", getComputedStyle(note).color); }
      var height = Math.round(width * image.naturalHeight / image.naturalWidth), top = edge + 29 * lines.length + 8;
      canvas.width = 2 * width;
      canvas.height = 2 * (top + height + edge);
      pen.scale(2, 2);
      pen.fillStyle = paper;
      pen.fillRect(0, 0, width, canvas.height);
      lines.forEach(function (line) { pen.font = line[1]; pen.fillStyle = line[2]; pen.fillText(line[0], edge, y += 29); });
      pen.drawImage(image, 0, top, width, height);
      canvas.toBlob(function (blob) {
        var saved = document.createElement("a");
        saved.href = URL.createObjectURL(blob);
        saved.download = link.getAttribute("href").split("/").pop().replace(/svg$/, "png");
        saved.click();
        URL.revokeObjectURL(saved.href);
      });
    });
    link.after(button);
  });
})();
