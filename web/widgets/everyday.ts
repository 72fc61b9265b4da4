import type {Parameter, Product} from './runtime/nouns';
import type {ElementLanguage, Words} from './runtime/words';

/**
 * Parameters in everyday words. Each sentence says on what it rests; where nothing honest can be said of a parameter, nothing is.
 * Sources: GB/T 18801-2015 (room area = 0.07..0.12 x CADR; grades of CCM); a room's air cleaned of nine tenths of its fine dust after
 * ln(10) changes of air; 5000 mAh of a phone = 12 h of video; GB/T 28592-2012 (rain within 24 h).
 */
export type EverydayKey = 'cadr' | 'ccm' | 'noise_sleep' | 'noise_library' | 'noise_talk' | 'video' | 'energy' | 'filter_life' | 'flow' | 'humid' | 'cups_tank' | 'cups_beans'
  | 'cups_flask' | 'hot' | 'folds' | 'rain_light' | 'rain_heavy' | 'rain_storm' | 'sun' | 'brush' | 'cycles' | 'solar' | 'nappies';

export interface Everyday {
  key: EverydayKey;
  params: Record<string, string | number>;
}

export const kEverydayWords: Words<EverydayKey> = {
  cadr: ['适合 {from}–{to} 平方米的房间；20 平方米的卧室约 {minutes} 分钟净化一遍（层高 2.6 米，除去九成细颗粒）', '適合 {from}–{to} 平方公尺的房間；20 平方公尺的臥室約 {minutes} 分鐘淨化一遍（層高 2.6 公尺，除去九成細顆粒）',
    'For rooms of {from}–{to} m²; a 20 m² bedroom is clean in about {minutes} minutes (2.6 m high, nine tenths of the fine dust)'],
  ccm: ['一张滤网一共能吸附这么多颗粒物：国标四级里的 P{grade} 级', '一張濾網一共能吸附這麼多顆粒物：國標四級裡的 P{grade} 級', 'How much dust one filter takes in its life: grade P{grade} of 4 in the national standard'],
  noise_sleep: ['开着睡觉也不吵（{value} 分贝，像轻声耳语）', '開著睡覺也不吵（{value} 分貝，像輕聲耳語）', 'Quiet enough to sleep beside ({value} dB, a whisper)'],
  noise_library: ['和图书馆差不多（{value} 分贝）', '和圖書館差不多（{value} 分貝）', 'About as loud as a library ({value} dB)'],
  noise_talk: ['像平常小声说话（{value} 分贝）', '像平常小聲說話（{value} 分貝）', 'About as loud as quiet talk ({value} dB)'],
  video: ['够手机看约 {hours} 小时视频（5000 mAh 约 12 小时，充电损耗三成）', '夠手機看約 {hours} 小時影片（5000 mAh 約 12 小時，充電損耗三成）', 'About {hours} hours of video on a phone (5000 mAh = 12 h, three tenths lost in charging)'],
  energy: ['能带 {watts} 瓦以内的电器', '能帶 {watts} 瓦以內的電器', 'Runs devices of up to {watts} W'],
  filter_life: ['每天开 12 小时，约 {months} 个月换一次', '每天開 12 小時，約 {months} 個月換一次', 'At 12 hours a day, one change in about {months} months'],
  flow: ['接满一杯水（250 毫升）约 {seconds} 秒', '接滿一杯水（250 毫升）約 {seconds} 秒', 'A glass of water (250 mL) in about {seconds} seconds'],
  humid: ['加满一箱水，开到最大能用约 {hours} 小时', '加滿一箱水，開到最大能用約 {hours} 小時', 'One full tank lasts about {hours} hours at the highest setting'],
  cups_tank: ['一箱水约 {cups} 杯咖啡（每杯 150 毫升）', '一箱水約 {cups} 杯咖啡（每杯 150 毫升）', 'One tank makes about {cups} cups (150 mL each)'],
  cups_beans: ['约 {cups} 杯（每杯 15 克豆）', '約 {cups} 杯（每杯 15 克豆）', 'About {cups} cups (15 g of beans each)'],
  cups_flask: ['约 {cups} 杯水（每杯 250 毫升）', '約 {cups} 杯水（每杯 250 毫升）', 'About {cups} glasses (250 mL each)'],
  hot: ['早上灌的热水，{hours} 小时后还是热的', '早上灌的熱水，{hours} 小時後還是熱的', 'Hot water filled in the morning is still hot {hours} hours later'],
  folds: ['约 {seconds} 秒收好', '約 {seconds} 秒收好', 'Folded in about {seconds} seconds'],
  rain_light: ['小雨不怕', '小雨不怕', 'Keeps out light rain'],
  rain_heavy: ['大雨里走一段没问题', '大雨裡走一段沒問題', 'Fine for a while in heavy rain'],
  rain_storm: ['暴雨里待上半天也不透', '暴雨裡待上半天也不透', 'Stays dry through half a day of downpour'],
  sun: ['挡住约 {share}% 晒红皮肤的紫外线（涂够量，每两小时补一次）', '擋住約 {share}% 曬紅皮膚的紫外線（塗夠量，每兩小時補一次）', 'Stops about {share}% of the rays that burn (put on thickly, again every two hours)'],
  brush: ['充一次电用约 {weeks} 周', '充一次電用約 {weeks} 週', 'One charge lasts about {weeks} weeks'],
  cycles: ['每周充放一次，约能用 {years} 年', '每週充放一次，約能用 {years} 年', 'Charged once a week, good for about {years} years'],
  solar: ['大太阳下约 {hours} 小时给 5000 mAh 的手机充 10 次（损耗三成）', '大太陽下約 {hours} 小時給 5000 mAh 的手機充 10 次（損耗三成）', 'In full sun about {hours} hours for ten charges of a 5000 mAh phone (three tenths lost)'],
  nappies: ['约用 {days} 天（每天 6 片）', '約用 {days} 天（每天 6 片）', 'About {days} days (6 a day)'],
};

const kCellVolts = 3.7;
const kPhone_mAh = 5000;
const kPhoneVideo_h = 12;
const kKept = 0.7;
const whole = (value: number): number => Math.max(1, Math.round(value));
const tenth = (value: number): number => value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;

type Rule = (value: number, product: Product) => Everyday | undefined;
const said = (key: EverydayKey, params: Everyday['params'] = {}): Everyday => ({key, params});

function value(product: Product, name: string): number | undefined {
  const found = product.parameters?.find((one) => one.name_en === name);
  return found && Number.isFinite(Number(found.value)) ? Number(found.value) : undefined;
}
const noise: Rule = (db) => db <= 0 || db > 70 ? undefined : said(db <= 35 ? 'noise_sleep' : db <= 45 ? 'noise_library' : 'noise_talk', {value: db});
const rain: Rule = (mm) => mm < 1500 ? undefined : said(mm >= 10_000 ? 'rain_storm' : mm >= 5000 ? 'rain_heavy' : 'rain_light');

/** By the parameter's name and unit; `category name unit` goes before `name unit`. */
const kRules: Record<string, Rule> = {
  'CADR m3/h': (cadr) => cadr <= 0 ? undefined
    : said('cadr', {from: whole(0.07 * cadr), to: whole(0.12 * cadr), minutes: whole(60 * Math.log(10) * 20 * 2.6 / cadr)}),
  'CCM mg': (mg) => {
    const grade = [3000, 5000, 8000, 12_000].filter((least) => mg >= least).length;
    return grade === 0 ? undefined : said('ccm', {grade});
  },
  'noise dB': noise,
  'power station capacity mAh': (mAh) => said('video', {hours: whole(kKept * mAh / kPhone_mAh * kPhoneVideo_h)}),
  'power bank capacity mAh': (mAh) => said('video', {hours: whole(kKept * mAh / kPhone_mAh * kPhoneVideo_h)}),
  'phone battery mAh': (mAh) => said('video', {hours: whole(mAh / kPhone_mAh * kPhoneVideo_h)}),
  'output W': (watts) => said('energy', {watts: whole(watts)}),
  'cycles ': (cycles) => said('cycles', {years: whole(cycles / 52)}),
  'solar panel power W': (watts) => watts <= 0 ? undefined : said('solar', {hours: tenth(10 * kPhone_mAh / 1000 * kCellVolts / kKept / watts)}),
  'purifier filter life h': (hours) => said('filter_life', {months: whole(hours / 12 / 30)}),
  'flow G': (gallons) => gallons <= 0 ? undefined : said('flow', {seconds: whole(250 / (gallons * 3785.41 / 86_400))}),
  'humidifier tank L': (litres, product) => {
    const output = value(product, 'output');
    return output ? said('humid', {hours: tenth(litres * 1000 / output)}) : undefined;
  },
  'coffee machine tank L': (litres) => said('cups_tank', {cups: Math.floor(litres * 1000 / 150)}),
  'coffee beans net weight g': (grams) => said('cups_beans', {cups: Math.floor(grams / 15)}),
  'vacuum flask capacity mL': (ml) => said('cups_flask', {cups: tenth(ml / 250)}),
  'keeps hot h': (hours) => said('hot', {hours: tenth(hours)}),
  'folds s': (seconds) => said('folds', {seconds: tenth(seconds)}),
  'waterproof mm': rain,
  'SPF ': (spf) => spf < 2 ? undefined : said('sun', {share: Math.round((1 - 1 / spf) * 1000) / 10}),
  'electric toothbrush battery d': (days) => said('brush', {weeks: whole(days / 7)}),
  'nappies pieces ': (pieces) => said('nappies', {days: Math.floor(pieces / 6)}),
};

/** What the abbreviations stand for, by the parameter's English name. */
export type Term = 'CADR' | 'CCM' | 'SPF' | 'mAh';
export const kTerms: Words<Term> = {
  CADR: ['洁净空气量：净化器每小时能送出多少立方米干净空气。数字越大，净化越快。', '潔淨空氣量：清淨機每小時能送出多少立方公尺乾淨空氣。數字越大，淨化越快。',
    'Clean air delivery rate: how many cubic metres of clean air come out in an hour. The larger, the faster.'],
  CCM: ['累计净化量：一张滤网用到该换时，一共吸住了多少毫克颗粒物。数字越大，换得越少。', '累計淨化量：一張濾網用到該換時，一共吸住了多少毫克顆粒物。數字越大，換得越少。',
    'Cumulate clean mass: how many milligrams of dust a filter takes before it must be changed. The larger, the fewer changes.'],
  SPF: ['防晒指数：涂了以后，皮肤晒红所需的时间是不涂时的多少倍。', '防曬指數：塗了以後，皮膚曬紅所需的時間是不塗時的多少倍。', 'Sun protection factor: how many times longer skin takes to burn than without it.'],
  mAh: ['毫安时：电池里存了多少电。手机电池一般是 5000 毫安时左右。', '毫安時：電池裡存了多少電。手機電池一般是 5000 毫安時左右。', 'Milliampere-hours: how much charge a battery holds. A phone has about 5000.'],
};
export function termOf(parameter: Parameter): Term | undefined {
  return [parameter.name_en, parameter.unit].find((word): word is Term => word !== undefined && Object.hasOwn(kTerms, word));
}

/** What a parameter of this product means at home; undefined when nothing honest can be said. */
export function everyday(product: Product, parameter: Parameter): Everyday | undefined {
  const amount = Number(parameter.value);
  const name = `${parameter.name_en ?? parameter.name} ${parameter.unit ?? ''}`;
  const rule = kRules[`${product.category_en ?? ''} ${name}`] ?? kRules[name];
  return rule && Number.isFinite(amount) ? rule(amount, product) : undefined;
}

/** A shop's own sentence for a parameter, as `GET /v1/shop/everyday` answers it; `{value}` stands for the value. */
export interface PublishedRule {
  category?: string;
  parameter: string;
  unit?: string;
  from?: number | null;
  to?: number | null;
  'zh-CN'?: string;
  'zh-TW'?: string;
  en?: string;
}

const alike = (wanted: string | undefined, ...names: (string | undefined)[]): boolean =>
  !wanted || names.some((name) => name?.trim().toLowerCase() === wanted.trim().toLowerCase());

/** What the shop itself says of the parameter, in the reader's language or one that it has words in; undefined when no rule fits. */
export function publishedWords(rules: readonly PublishedRule[], product: Product, parameter: Parameter, language: ElementLanguage): string | undefined {
  const amount = Number(parameter.value);
  for (const rule of rules) {
    if (!rule.parameter || !alike(rule.parameter, parameter.name, parameter.name_en) || !alike(rule.unit, parameter.unit)) continue;
    if (!alike(rule.category, product.category, product.category_en)) continue;
    const bounded = rule.from !== undefined && rule.from !== null || rule.to !== undefined && rule.to !== null;
    if (bounded && !(Number.isFinite(amount) && amount >= (rule.from ?? -Infinity) && amount <= (rule.to ?? Infinity))) continue;
    const words = rule[language] || (language === 'zh-TW' ? rule['zh-CN'] : rule['zh-TW']) || rule.en || rule['zh-CN'];
    if (words) return words.replaceAll('{value}', String(parameter.value));
  }
  return undefined;
}
