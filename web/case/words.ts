import type {Words} from '../widgets/runtime/words';

const kStates = ['open', 'located', 'waiting', 'solved', 'called_back', 'reopened', 'escalated', 'closed'] as const;
const kPromises = ['located', 'closed', 'call_back', 'first_answer'] as const;
const kDepartments = ['product', 'service', 'logistics', 'price', 'payment', 'experience'] as const;
export type Key = 'title' | 'lead' | 'looking' | 'unknown' | 'unreachable' | 'language' | 'number' | 'opened_at' | 'department' | 'now' | 'promises' | 'by' | 'kept' | 'broken' | 'running'
  | 'story' | 'you' | 'shop' | 'assistant' | 'page' | 'step_opened' | 'step_refund' | 'step_coupon' | 'code' | 'step_appointment' | 'step_review' | 'step_reply' | 'satisfied' | 'unsatisfied'
  | 'receipts' | 'receipts_text' | 'receipt' | 'private'
  | `state_${(typeof kStates)[number]}` | `promise_${(typeof kPromises)[number]}` | `department_${(typeof kDepartments)[number]}`;

export const kWords: Words<Key> = {
  title: ['您的服务记录', '您的服務紀錄', 'Your service record'],
  lead: ['这件事从头到尾：谁在什么时候说了什么、做了什么，答应您的有没有做到。', '這件事從頭到尾：誰在什麼時候說了什麼、做了什麼，答應您的有沒有做到。',
    'This matter from its beginning: what was said and done when, and whether what we promised was kept.'],
  looking: ['正在打开……', '正在開啟……', 'Opening…'],
  unknown: ['没有这份记录。请用收到的完整链接打开。', '沒有這份紀錄。請用收到的完整連結開啟。', 'There is no such record. Please use the whole link as you received it.'],
  unreachable: ['暂时连不上，请稍后再试。', '暫時連不上，請稍後再試。', 'The shop cannot be reached right now. Please try again later.'],
  language: ['语言', '語言', 'Language'],
  number: ['编号', '編號', 'Number'],
  opened_at: ['提出于', '提出於', 'Raised'],
  department: ['由谁处理', '由誰處理', 'Who sees to it'],
  now: ['现在', '現在', 'Now'],
  promises: ['我们答应您的', '我們答應您的', 'What we promised'],
  by: ['最晚 {when}', '最晚 {when}', 'by {when}'],
  kept: ['做到了', '做到了', 'kept'],
  broken: ['没做到，抱歉', '沒做到，抱歉', 'not kept; we are sorry'],
  running: ['还在时限内', '還在時限內', 'still in time'],
  story: ['经过', '經過', 'What happened'],
  you: ['您', '您', 'You'],
  shop: ['商家', '商家', 'The shop'],
  assistant: ['智能助手', '智慧助理', 'The assistant'],
  page: ['与您关联的一个浏览器', '與您關聯的一個瀏覽器', 'A browser linked to you'],
  step_opened: ['我们记下了这件事', '我們記下了這件事', 'We wrote it down'],
  step_refund: ['同意退款 {amount}', '同意退款 {amount}', 'A refund of {amount} was granted'],
  code: ['券码', '券碼', 'Code'],
  step_coupon: ['送您优惠券 {amount}', '送您優惠券 {amount}', 'A coupon of {amount} was given to you'],
  step_appointment: ['为您预约了 {when}', '為您預約了 {when}', 'An appointment was made for {when}'],
  step_review: ['您的评价', '您的評價', 'Your review'],
  step_reply: ['公开回复', '公開回覆', 'Answered in public'],
  satisfied: ['回访时您表示满意', '回訪時您表示滿意', 'Called back, you were satisfied'],
  unsatisfied: ['回访时您还不满意，我们重新处理', '回訪時您還不滿意，我們重新處理', 'Called back, you were not satisfied; it was taken up again'],
  receipts: ['凭据', '憑據', 'Receipts'],
  receipts_text: ['每一步都记在一本只能往后写的账上，谁改动都看得出来。', '每一步都記在一本只能往後寫的帳上，誰改動都看得出來。', 'Each step stands in a book that is only ever written forward; altering it would show.'],
  receipt: ['{what}，{when}', '{what}，{when}', '{what}, {when}'],
  private: ['只有拿到链接的人才能看到这一页，请不要转发。', '只有拿到連結的人才能看到這一頁，請不要轉傳。', 'Whoever has the link sees this page. Please keep it to yourself.'],
  state_open: ['处理中', '處理中', 'Being seen to'],
  state_located: ['已查明原因', '已查明原因', 'The cause was found'],
  state_waiting: ['等待您的回复', '等待您的回覆', 'Waiting for your answer'],
  state_solved: ['已解决', '已解決', 'Solved'],
  state_called_back: ['已回访', '已回訪', 'You were called back'],
  state_reopened: ['重新处理', '重新處理', 'Taken up again'],
  state_escalated: ['已交上级处理', '已交上級處理', 'Passed on to a senior colleague'],
  state_closed: ['已结束', '已結束', 'Closed'],
  promise_located: ['查明原因', '查明原因', 'Find the cause'],
  promise_closed: ['解决问题', '解決問題', 'Solve it'],
  promise_call_back: ['给您回访', '給您回訪', 'Call you back'],
  promise_first_answer: ['首次回复', '首次回覆', 'First answer'],
  department_product: ['产品部', '產品部', 'Product'],
  department_service: ['客服部', '客服部', 'Customer service'],
  department_logistics: ['物流部', '物流部', 'Delivery'],
  department_price: ['价格与促销', '價格與促銷', 'Prices'],
  department_payment: ['支付', '支付', 'Payments'],
  department_experience: ['网站与体验', '網站與體驗', 'Website'],
};
