'use strict';
// What is seen is made; the rest waits as text. No less-than sign stands in here, so that nothing
// takes a part of this for a tag.
(() => {
  const CHUNK = 50, PRINTED = 5000, ROW = 42, PARAGRAPH = 150;
  const byId = id => document.getElementById(id);
  const facets = JSON.parse(byId('facets').textContent);
  const number = n => n.toLocaleString('en');

  const sections = [...document.querySelectorAll('details.section')].map(root => {
    const list = root.querySelector('.list');
    if (!list) return {root, list: null, items: [], shown: [], chunks: []};
    const items = [...list.querySelectorAll('.item')].map(
        e => ({k: +e.dataset.k, w: +e.dataset.w, f: +e.dataset.f, html: e.outerHTML}));
    const rest = root.querySelector('script.rest');
    if (rest) {
      for (const [k, w, f, html] of JSON.parse(rest.textContent)) items.push({k, w, f, html});
      rest.remove();
    }
    const rows = list.querySelector('.row') !== null;
    return {root, list, items, shown: items, chunks: [], rows,
            matches: root.querySelector('.matches')};
  });
  const total = sections.reduce((sum, s) => sum + s.items.length, 0);

  // --- what is seen ------------------------------------------------------------------------------

  const makeFull = (section, chunk) => {
    if (chunk.full) return;
    chunk.full = true;
    const part = section.shown.slice(chunk.from, chunk.to);
    chunk.element.innerHTML = part.map(item => item.html).join('');
    [...chunk.element.children].forEach((element, i) => {
      element.setAttribute('aria-setsize', section.shown.length);
      element.setAttribute('aria-posinset', chunk.from + i + 1);
    });
    chunk.element.style.height = '';
  };
  const makeEmpty = chunk => {
    if (!chunk.full || chunk.element.contains(document.activeElement)) return;
    chunk.element.style.height = chunk.element.offsetHeight + 'px';
    chunk.element.replaceChildren();
    chunk.full = false;
  };
  let printing = false;
  const watcher = new IntersectionObserver(entries => {
    for (const entry of entries) {
      const [section, chunk] = entry.target.owner;
      if (entry.isIntersecting) makeFull(section, chunk);
      else if (!printing) makeEmpty(chunk);
    }
  }, {rootMargin: '1500px 0px'});

  const lay = section => {
    for (const chunk of section.chunks) watcher.unobserve(chunk.element);
    section.chunks = [];
    for (let from = 0; section.shown.length > from; from += CHUNK) {
      const to = Math.min(from + CHUNK, section.shown.length);
      const element = document.createElement('div');
      element.className = 'chunk';
      element.setAttribute('role', 'none');
      element.style.height = (to - from) * (section.rows ? ROW : PARAGRAPH) + 'px';
      const chunk = {element, from, to, full: false};
      element.owner = [section, chunk];
      section.chunks.push(chunk);
    }
    section.list.replaceChildren(...section.chunks.map(chunk => chunk.element));
    for (const chunk of section.chunks.slice(0, 2)) makeFull(section, chunk);
    for (const chunk of section.chunks) watcher.observe(chunk.element);
  };

  // --- filters -----------------------------------------------------------------------------------

  const plain = html => html.replace(/\u003c[^>]*>/g, ' ').replace(/&lt;/g, '\u003c')
      .replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&')
      .replace(/\s+/g, ' ').toLowerCase();
  const textOf = item => item.text ??= plain(item.html);

  const controls = {k: byId('kind'), w: byId('what'), f: byId('file')};
  const fillSelect = (select, names, counts) => {
    names.forEach((name, i) => {
      const option = document.createElement('option');
      option.value = i;
      option.textContent = name + ' (' + number(counts[i] || 0) + ')';
      select.append(option);
    });
  };
  for (const [name, names] of [['k', facets.kinds], ['w', facets.words], ['f', facets.files]]) {
    const counts = [];
    for (const section of sections) {
      for (const item of section.items) counts[item[name]] = (counts[item[name]] || 0) + 1;
    }
    fillSelect(controls[name], names, counts);
  }

  const filter = () => {
    const terms = byId('text').value.toLowerCase().split(/\s+/).filter(term => term);
    const wanted = Object.entries(controls).filter(([, c]) => c.value !== '')
        .map(([name, c]) => [name, +c.value]);
    const active = terms.length + wanted.length > 0;
    let matches = 0;
    for (const section of sections) {
      if (!section.list) continue;
      const shown = !active ? section.items : section.items.filter(
          item => wanted.every(([name, value]) => item[name] === value) &&
              terms.every(term => textOf(item).includes(term)));
      section.matches.textContent = active ? '(' + number(shown.length) + ' shown)' : '';
      // That somebody may be contacted again is never out of sight.
      section.root.hidden = active && shown.length === 0 &&
          !section.root.classList.contains('danger');
      matches += shown.length;
      section.shown = shown;
      lay(section);
    }
    byId('status').textContent = active ?
        number(matches) + ' of ' + number(total) + ' shown' : number(total) + ' shown';
    byId('printed').hidden = !active;
    byId('printed').textContent = 'Filtered: ' + byId('status').textContent;
  };
  let timer = 0;
  const soon = () => { clearTimeout(timer); timer = setTimeout(filter, total > 5000 ? 150 : 0); };
  byId('text').addEventListener('input', soon);
  for (const control of Object.values(controls)) control.addEventListener('change', filter);
  const clear = () => {
    byId('text').value = '';
    for (const control of Object.values(controls)) control.value = '';
    filter();
  };
  byId('clear').addEventListener('click', () => { clear(); byId('text').focus(); });

  // --- keys --------------------------------------------------------------------------------------

  const placeOf = element => {
    const item = element && element.closest ? element.closest('.item') : null;
    if (!item || !item.parentElement.owner) return null;
    const [section, chunk] = item.parentElement.owner;
    const at = chunk.from + [...chunk.element.children].indexOf(item);
    return [sections.indexOf(section), at];
  };
  const open = section => section.list && !section.root.hidden && section.root.open &&
      section.shown.length > 0;
  const step = by => {
    let [at, index] = placeOf(document.activeElement) || [by > 0 ? -1 : sections.length, 0];
    if (at >= 0 && sections.length > at) {
      index += by;
      if (index >= 0 && sections[at].shown.length > index) return show(sections[at], index);
    }
    for (at += by; at >= 0 && sections.length > at; at += by) {
      if (!open(sections[at])) continue;
      return show(sections[at], by > 0 ? 0 : sections[at].shown.length - 1);
    }
  };
  const show = (section, index) => {
    const chunk = section.chunks[Math.floor(index / CHUNK)];
    makeFull(section, chunk);
    const element = chunk.element.children[index - chunk.from];
    element.focus({preventScroll: true});
    element.scrollIntoView({block: 'center'});
  };
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest && event.target.closest('input,select');
    if (event.key === 'Escape') {
      clear();
      if (field) field.blur();
    } else if (field) {
      return;
    } else if (event.key === '/') {
      byId('text').focus();
    } else if (event.key === 'j' || event.key === 'k') {
      step(event.key === 'j' ? 1 : -1);
    } else {
      return;
    }
    event.preventDefault();
  });

  // --- on paper ----------------------------------------------------------------------------------

  window.addEventListener('beforeprint', () => {
    printing = true;
    let left = PRINTED;
    for (const section of sections) {
      let hidden = 0;
      for (const chunk of section.chunks) {
        if (left > 0) makeFull(section, chunk);
        else if (!chunk.full) {
          hidden += chunk.to - chunk.from;
          chunk.element.style.height = '0px';
        }
        left -= chunk.to - chunk.from;
      }
      if (hidden > 0) {
        const line = document.createElement('p');
        line.className = 'unprinted';
        line.textContent = '… and ' + number(hidden) +
            ' more, not printed: filter the page, and print it again';
        section.list.append(line);
      }
    }
  });
  window.addEventListener('afterprint', () => {
    printing = false;
    for (const line of document.querySelectorAll('.unprinted')) line.remove();
    filter();
  });

  byId('filters').hidden = false;
  filter();
  // Texts are made while nobody waits for them.
  const pending = sections.flatMap(section => section.items);
  const prepare = deadline => {
    while (pending.length > 0 && deadline.timeRemaining() > 2) textOf(pending.pop());
    if (pending.length > 0) requestIdleCallback(prepare);
  };
  if (window.requestIdleCallback) requestIdleCallback(prepare);
})();
