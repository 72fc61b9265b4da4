#include "learn/detail/feedback_phrases.h"

namespace rapport::learn {

// One group a line: classes, aspect, sentiment, urgency, then the phrases.
const std::string_view kFeedbackPhrasesEn = R"(
product quality -1 0: the quality is terrible|it broke after {t}|poorly made|it fell apart in my hands|my {p} does not switch on any more|there were scratches when I opened it|the seams came undone|cheap plastic|it stopped working|dead on arrival|it looks used|the zipper is broken|the colour washed out|it is already falling apart|badly built|flimsy|the screen has a dead spot|it cracked|very low quality|defective|rusted within a month|torn after two wears
product quality 1 0: great quality|well made|nothing rattles|very sturdy|still works perfectly after {t}|solid build|the material feels good|excellent workmanship|durable|the {p} is beautifully made|built to last|high quality
product function -1 0: it does not work|the {p} hardly does anything|it keeps crashing|it will not connect|the bluetooth drops all the time|no effect at all|it is slow|the suction is weak|it does not get cold|the pictures are blurry|the buttons do not respond|it freezes|useless|does not do what it says|it keeps restarting|it does not clean well
product function 1 0: works perfectly|works great|easy to use|does exactly what it should|very effective|runs smoothly|cleans really well|the picture is sharp|it heats up fast|connects at once|my parents use it without asking me|does the job|very handy
product battery -1 0: the battery dies too fast|the battery is gone by noon|poor battery life|it does not hold a charge|charging takes forever|I have to charge it three times a day|the battery drains overnight|battery does not last {t}
product battery 1 0: battery lasts all day|great battery life|charges quickly|one charge lasts {t}|the battery holds up well
product noise -1 0: it is too loud|very noisy|it rattles|makes a buzzing sound|the fan keeps me awake|a grinding noise|it hums all night|the {p} squeaks
product noise 1 0: very quiet|you hardly hear it|silent|quiet enough to forget about it|almost no noise
product size -1 0: too small|it does not fit|runs large|the sleeves are too long|too tight|smaller than expected|the sizing is off|too heavy|the shoes pinch|too big for our place
product size 1 0: fits perfectly|true to size|just the right size|light and compact|the size is perfect|plenty of room inside
product appearance -1 0: ugly colour|the colour is different|looks cheap|the paint peels off|looks nothing like I hoped|the finish is poor
product appearance 1 0: looks beautiful|lovely colour|stylish|it looks better than in the pictures|great design|very pretty
product smell -1 0: it smells awful|a strong chemical smell|it stinks of plastic|the smell will not go away|smells musty
product smell 1 0: smells lovely|no smell at all|a pleasant scent|smells fresh
product taste -1 0: it tastes stale|not fresh|too salty|tastes awful|bland|half of the fruit was rotten|the food was cold|tastes like cardboard|too sweet|bitter|the meat was dry|it had gone off|the flavour is weak
product taste 1 0: tastes great|delicious|very fresh|sweet and juicy|the flavour is wonderful|my dog loves it|the best coffee I have had|yummy|rich flavour|great snack
product safety -1 1: it caught fire|I got an electric shock|it started to smoke|gave me a rash|there was glass in it|my child got sick from it|it burned my hand|I found a bug in the food|it is past its expiry date|it overheats dangerously|allergic reaction|the plug melted
product authenticity -1 0: I think it is fake|this is a counterfeit|not the genuine product|the serial number is not valid|it is refurbished|a cheap knock off
product authenticity 1 0: it is genuine|the real thing|authentic product
product instructions -1 0: the manual explains nothing|no instructions|the manual is useless|I could not figure out how to use it|instructions only in another language
product instructions 0 0: how do I set it up|how do I use this|what does this parameter mean|can you explain it in plain words|is it waterproof|which size should I take|how often do I change the filter|does it work with my phone|how do I clean it
product instructions 1 0: clear instructions|easy to follow manual|set up in five minutes
product facility -1 0: the room was tiny|the bathroom was dirty|the walls are thin|the bed was hard|breakfast was poor|the room smelled of mould|no hot water|far from everything|the air conditioning was broken|old furniture
product facility 1 0: spacious room|the bed was comfortable|great location|clean bathroom|breakfast was rich|close to the station|lovely view|quiet room
product content -1 0: the story is boring|full of typos|badly translated|poorly printed|pages are missing
product content 1 0: a wonderful story|easy to read|well written|my son loves the book
service attitude -1 0: customer service was rude|the agent was unfriendly|bad attitude|they did not even apologise|the staff were impolite|they were condescending|support treated me like an idiot|the seller was aggressive|nobody seemed to care
service attitude 1 0: customer service was great|very friendly staff|your adviser was patient with me|the seller is very kind|helpful support|polite and helpful|excellent service|they took good care of me|the staff were wonderful
service response -1 0: nobody answers|support keeps me waiting|I waited {t} for a reply|no reply to my messages|cannot reach customer service|only a bot answers|the phone line is always busy|they ignore my emails|still no answer
service response 1 0: quick reply|they answered within minutes|fast response|support replied at once|easy to reach
service expertise -1 0: the agent knew nothing|they gave me wrong information|support could not explain it|every agent says something different|not competent|they recommended the wrong model
service expertise 1 0: very knowledgeable|explained everything clearly|the adviser speaks plainly|good advice|they knew exactly what to do
service promise -1 0: nobody called back as promised|my problem is still open|this is the third time I explain it|they promised a gift and never sent it|they keep passing me around|nothing has happened since my complaint|they did not keep their word|no progress on my ticket
service promise -1 1: I will file a complaint|solve this today or I go to court|I will report you|I demand an answer now|my lawyer will contact you|this must be solved immediately|I am calling the police
service promise 1 0: they solved my problem|issue resolved quickly|they kept their promise|they called me back as they said|sorted out the next day
service repair -1 0: no after sales service|the repair took {t}|repaired three times and still broken|they refuse the warranty|they want money although it is under warranty|it broke again after the repair
service repair 1 0: repaired for free|they replaced it at once|warranty worked well|quick repair
service return -1 0: they refuse the return|my return was rejected|returning it is a nightmare|the replacement is broken too|I have to pay for the return|they will not exchange it
service return 0 0: can I swap it|can I return it|how do I return this|can I have another size|what is the return address
service return 1 0: easy return|the exchange was quick|returned it without any trouble|hassle free returns
service installation -1 0: the installer never came|the installer was late|he charged extra for the installation|badly installed|it leaks since the installation
service installation 1 0: the installer was on time|installed quickly and cleanly|professional installation
logistics delay -1 0: it arrived late|delivery took {t}|slow shipping|the parcel came days after the promise|still has not arrived|I am still waiting for my order|my order was promised for yesterday|it has not shipped yet|shipping takes forever|never arrived|where is my order|I had to ask twice where it was|took weeks to arrive|the food came an hour late
logistics delay 1 0: fast delivery|it arrived the next day|quick shipping|delivered on time|came earlier than expected|arrived quickly|prompt delivery|shipped right away
logistics delay -1 1: I need it today|it has to be here tomorrow|I need it urgently for the wedding|the medicine must arrive today
logistics delay 0 0: when will it ship|when does it arrive|can you deliver on Saturday|can I change the delivery address|how long does shipping take
logistics packaging -1 0: poor packaging|the box was crushed|no padding at all|the package was open|the box was torn|it leaked all over the box|the seal was broken
logistics packaging 1 0: well packed|nicely packaged|carefully wrapped|great packaging|the box was intact
logistics damage -1 0: it arrived broken|damaged in transit|the screen was cracked when it came|the bottle leaked|smashed during shipping|the cans were dented|arrived in pieces
logistics courier -1 0: the courier was rude|they threw it over the fence|the driver did not ring|left at the wrong address|delivered to my neighbour without asking|the driver refused to come upstairs|my parcel was stolen from the door|the package got lost
logistics courier 1 0: the courier was friendly|the driver carried it upstairs|the delivery man was very nice|the driver called before he came
logistics tracking -1 0: tracking has not been updated|the tracking number does not work|no news of my parcel for three days|it sat in a depot for half a week|it says delivered but I have nothing
logistics tracking 0 0: where is my parcel|can you track my order|what is the tracking number
logistics tracking 1 0: tracking was accurate|I could follow every step|good tracking
logistics wrong_item -1 0: they sent the wrong item|one piece is missing|wrong colour was sent|I received only one of two|parts are missing|not what I ordered|they forgot the accessories
logistics wrong_item 1 0: everything was in the box|nothing was missing|complete as ordered
price value -1 0: too expensive|not worth the money|overpriced|waste of money|cheaper elsewhere|I paid too much|poor value|the price is ridiculous|I can get it for less at the store
price value 1 0: great value|good price|worth every penny|very affordable|cheaper than in the shops|a fair deal|a bargain|good value for money|reasonably priced
price discount -1 0: my coupon is refused|the coupon does not work|the discount was not applied|fake sale|they raised the price before the sale|the promotion is misleading|the voucher has expired already
price discount 0 0: is there a discount|do you have a coupon|can you give me a better price|will it be on sale|any offer for students
price discount 1 0: great discount|got it on sale|the coupon saved me a lot|love the promotion
price drop -1 0: it got cheaper right after I bought it|the price dropped the next day|they refuse to match the price|can I get the difference back|no price protection
price drop 1 0: they refunded the difference|price match was easy
price fees -1 0: shipping costs too much|hidden fees|the delivery fee is too high|they charge a service fee|the commission is too high|unexpected charges
price fees 1 0: free shipping|no hidden fees|fees are stated up front
payment failure -1 0: my payment keeps failing|the payment was declined|I cannot pay|my card is not accepted|the payment page hangs|paid but no order shows up|payment error|my deposit has not arrived
payment failure 1 0: payment was easy|paying is quick|payment went through at once
payment methods 0 0: can I pay by card|do you take paypal|can I pay in instalments|can I pay on delivery|how do I change the payment method
payment methods -1 0: no paypal|they do not take credit cards|too few ways to pay|cannot pay in instalments
payment refund -1 0: the refund has not arrived|still waiting for my refund|I want my money back|they refunded too little|refund takes forever|they keep my deposit|no refund after {t}
payment refund 0 0: how long does the refund take|where is my refund|when do I get my money back
payment refund 1 0: quick refund|I got my money back at once|refunded the same day
payment invoice -1 0: no invoice|the invoice is wrong|I asked for an invoice three times|cannot download the receipt
payment invoice 0 0: can I get an invoice|where is my receipt|please send the invoice to my company
payment charge -1 1: I was charged twice|you took too much money|unknown charge on my card|charged without an order|my account was hacked|it renewed without telling me|I was liquidated without a word of warning
experience app -1 0: the app keeps crashing|the website is slow|the page does not load|the app is terrible since the update|the site is confusing|it freezes when the market moves|error on the page|the button does nothing
experience app 1 0: the app is great|the website is easy to use|clear layout|the site loads fast|nice interface|the mobile app works well
experience navigation -1 0: I cannot find anything|the search is useless|the filters do not work|the categories make no sense|search shows the wrong products|cannot find the return button
experience navigation 1 0: easy to find|the search works well|recommendations are spot on|well organised shop
experience description -1 0: not as described|looks different from the picture|misleading description|the description is wrong|false advertising|the specifications are wrong|nothing like the photo|the page said in stock
experience description 1 0: exactly as described|just like the picture|accurate description|matches the photos|as advertised
experience account -1 0: I cannot log in|no verification code arrives|my account is locked|the password reset does not work|registration fails|the account form keeps refusing my picture|I filled the form three times
experience account 1 0: signing up was easy|login is quick|account opened in minutes
experience ads -1 0: too many emails|stop sending me text messages|spam every day|they keep calling me|too many pop ups|my data was leaked
experience checkout -1 0: checkout is too complicated|the cart does not work|the order form shows an error|my address is not saved|I cannot change my order|my order was cancelled for no reason|too many steps to order
experience checkout 1 0: ordering was easy|smooth checkout|simple ordering process|easy to order|orders go through at once
experience loyalty -1 0: my points are missing|membership is useless|my points expired without notice|lost my member level
experience loyalty 1 0: love the member benefits|points got me a gift|membership is worth it
price,product value 1 0: great quality for the price|good product at a good price|well made and cheap
price,product value -1 0: poor quality for the price|expensive and badly made|overpriced junk
service,logistics response -1 0: parcel lost and nobody answers|late and support does not care|no parcel and no reply
service,product repair -1 0: broken and they refuse to repair it|it failed and support ignores me
service,logistics attitude 1 0: fast delivery and friendly service|quick shipping and great support
product,logistics quality 1 0: great product and fast shipping|good quality and quick delivery
none overall 1 0: recommended|I would buy it again|five stars|happy with it|love it|very satisfied|great|excellent|perfect|I am very pleased|highly recommend|will order again|could not be happier|awesome|glad I bought it|thumbs up|my favourite
none overall -1 0: not recommended|never again|I regret it|very disappointed|terrible|awful|do not buy|one star|I am angry|worst purchase ever|what a shame|avoid|I expected more|horrible|I will not come back|junk|a scam
none overall 0 0: three stars|it will do|it is okay|average|we will see|nothing special|so so|not bad not good|too early to say
none none 0 0: hello|hi there|thank you|thanks|okay|understood|all right I will wait|I bought it for my mother|bought it for the family|a friend told me to try it|my second one|compared five before ordering|you can see the order in my account|I can send a picture|I have tried that already|the last person told me the same|I ordered it last week|used it for a week|unpacked it the same evening|please|yes|no|one moment|it is for my son|I live on the third floor|this was a gift|I have been a customer for years|I read the reviews first|can you help me|good morning|I have a question|it is my first order here|we stayed two nights|I have two dogs|I read about it online|my husband told me|so I called them|then I went home|last week|I bought three of them|we were four people|I am not a big drinker|my mother uses it|a friend gave me one|I have tried many brands|I usually buy another brand|in the morning|when I got home|after that|to sum up|first of all|for the record|I live in a small town|this is my second order|as a gift for my sister|my kids|I am on a diet|we have been using it|I was looking for something else|she said|he told me to wait|I read the label|I have been buying it for years|I drink it every morning|I keep one at work
)";

// One aspect a line: its classes, its name, then what people call it. Each is joined with words of praise and
// blame.
const std::string_view kFeedbackNounsEn = R"(
product quality: quality|material|build quality|workmanship|fabric|finish|screen|zipper|cover|handle|stitching
product function: performance|picture|sound|camera|suction|software|signal|keyboard|bluetooth|cooling
product battery: battery|battery life|charging|charger
product noise: noise|noise level|fan noise
product size: size|fit|weight|sizing|length
product appearance: colour|color|design|look|style
product smell: smell|scent|fragrance
product taste: taste|flavor|flavour|food|coffee|tea|fruit|texture|chocolate|dog food|sauce|cookies|chips|meat|meal
product instructions: manual|instructions|user guide
product facility: room|hotel|breakfast|bathroom|bed|location
product content: book|story|plot|writing|translation
service attitude: service|customer service|staff|attitude|support team|seller|agent|waiter
service response: response|response time|reply|hotline
service expertise: advice|explanation|expertise
service promise: complaint handling|follow up|solution
service repair: after sales service|warranty|repair
service return: return process|return policy|exchange
service installation: installation|installer|fitter
logistics delay: delivery|shipping|shipping time|delivery time|shipment|dispatch
logistics packaging: packaging|box|wrapping|package
logistics courier: courier|driver|delivery man|postman
logistics tracking: tracking|tracking information
price value: price|value|pricing|value for money
price discount: discount|coupon|promotion|sale|offer|voucher
price fees: delivery fee|shipping cost|service charge|fees
payment failure: payment|payment process|payment page
payment refund: refund|refund process
payment invoice: invoice|receipt
experience app: app|website|site|page|interface
experience navigation: search|navigation|menu|filters
experience description: description|product description|photos
experience account: login|registration|account
experience ads: advertising|newsletter|pop up
experience checkout: checkout|ordering process|shopping cart|shopping experience
experience loyalty: loyalty program|membership|points
)";
const std::string_view kFeedbackPraiseEn =
    "great|good|excellent|very good|perfect|amazing|fantastic|nice|superb|outstanding|really "
    "good|wonderful|fine";
const std::string_view kFeedbackBlameEn =
    "bad|terrible|poor|awful|disappointing|horrible|not good|very bad|a joke|unacceptable|the "
    "worst|mediocre|really poor";
const std::string_view kFeedbackPlainEn =
    "I looked at the {n}|about the {n}|I asked about the {n}|there is a {n}|which {n} is it|we talked about "
    "the {n}|"
    "the {n} is the same as before|I have a question about the {n}|as for the {n}|I chose this {n}|this is "
    "the {n}|"
    "they have two kinds of {n}";

}  // namespace rapport::learn
