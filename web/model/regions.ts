/** Provinces by ISO 3166-2, as events name regions. Pure. */
const kRegions: Record<string, readonly [string, string, string]> = {
  'CN-11': ['北京', '北京', 'Beijing'], 'CN-12': ['天津', '天津', 'Tianjin'], 'CN-13': ['河北', '河北', 'Hebei'], 'CN-14': ['山西', '山西', 'Shanxi'],
  'CN-15': ['内蒙古', '內蒙古', 'Inner Mongolia'], 'CN-21': ['辽宁', '遼寧', 'Liaoning'], 'CN-22': ['吉林', '吉林', 'Jilin'], 'CN-23': ['黑龙江', '黑龍江', 'Heilongjiang'],
  'CN-31': ['上海', '上海', 'Shanghai'], 'CN-32': ['江苏', '江蘇', 'Jiangsu'], 'CN-33': ['浙江', '浙江', 'Zhejiang'], 'CN-34': ['安徽', '安徽', 'Anhui'],
  'CN-35': ['福建', '福建', 'Fujian'], 'CN-36': ['江西', '江西', 'Jiangxi'], 'CN-37': ['山东', '山東', 'Shandong'], 'CN-41': ['河南', '河南', 'Henan'],
  'CN-42': ['湖北', '湖北', 'Hubei'], 'CN-43': ['湖南', '湖南', 'Hunan'], 'CN-44': ['广东', '廣東', 'Guangdong'], 'CN-45': ['广西', '廣西', 'Guangxi'],
  'CN-46': ['海南', '海南', 'Hainan'], 'CN-50': ['重庆', '重慶', 'Chongqing'], 'CN-51': ['四川', '四川', 'Sichuan'], 'CN-52': ['贵州', '貴州', 'Guizhou'],
  'CN-53': ['云南', '雲南', 'Yunnan'], 'CN-54': ['西藏', '西藏', 'Tibet'], 'CN-61': ['陕西', '陝西', 'Shaanxi'], 'CN-62': ['甘肃', '甘肅', 'Gansu'],
  'CN-63': ['青海', '青海', 'Qinghai'], 'CN-64': ['宁夏', '寧夏', 'Ningxia'], 'CN-65': ['新疆', '新疆', 'Xinjiang'],
};
export const kRegionCodes = Object.keys(kRegions);

/** In the reader's language; a code that is not among them stays as it is. */
export function regionName(code: string, language: string): string {
  return kRegions[code]?.[['zh-CN', 'zh-TW', 'en'].indexOf(language) as 0 | 1 | 2] ?? code;
}
