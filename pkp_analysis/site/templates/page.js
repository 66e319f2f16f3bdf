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

  // Search over the list of reports: every word must occur in an entry's text; groups with a hit open.
  each("[data-cari]", function (field) {
    var list = document.getElementById(field.getAttribute("aria-controls"));
    var status = document.getElementById(field.getAttribute("aria-describedby"));
    var plain = function (text) { return text.toLowerCase().normalize("NFKD").replace(/[^a-z0-9.]+/g, " "); };
    var groups = Array.prototype.map.call(list.querySelectorAll("ul"), function (group) {
      return { fold: group.closest("details"), head: group.previousElementSibling, items: Array.prototype.map.call(group.children, function (item) {
        return { item: item, text: plain(item.textContent + " " + item.getAttribute("data-kata")) };
      }) };
    });
    field.addEventListener("input", function () {
      var words = plain(field.value).trim().split(" ").filter(Boolean), found = 0;
      groups.forEach(function (group) {
        var hits = 0;
        group.items.forEach(function (entry) {
          var hit = words.every(function (word) { return entry.text.indexOf(word) >= 0; });
          entry.item.hidden = !hit;
          hits += hit ? 1 : 0;
        });
        (group.fold || group.head).hidden = !hits;
        if (group.fold) { group.fold.open = words.length > 0; }
        found += hits;
      });
      list.classList.toggle("mencari", words.length > 0);
      status.textContent = words.length ? status.getAttribute("data-pola").replace("{n}", found) : "";
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

  // The address of a chart: copied, and shown in the address bar all the same.
  each("a[data-salin]", function (link) {
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
