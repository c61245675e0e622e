/**
 * Names by where a family is from, the frequent ones first. Each is written `Latin|native script|other Latin spellings`;
 * without native script where Latin is what they write.
 */
export type Origin = {
  readonly share: number
  readonly girls: readonly WrittenName[]
  readonly boys: readonly WrittenName[]
  readonly families: readonly WrittenName[]
  /** How much more often the first names are borne than the later ones; 1 is all alike. */
  readonly skew: number
  readonly language: string
  readonly race: string
}

export type WrittenName = { readonly latin: string; readonly native: string; readonly spellings: readonly string[] }

function read(text: string): WrittenName[] {
  return text
    .trim()
    .split(/\s*;\s*/)
    .map((name) => {
      const [latin = '', native = '', ...spellings] = name.split('|')
      return { latin, native, spellings }
    })
}

const arabic: Origin = {
  share: 18,
  skew: 2.4,
  language: 'ara',
  race: 'white',
  boys: read(`Mohammed|محمد|Muhammad|Mohamed|Mohamad|Muhammed; Ahmed|أحمد|Ahmad|Ahmet; Ali|علي|Aly; Omar|عمر|Umar;
    Yousef|يوسف|Yusuf|Youssef|Yousif|Yusef; Hussein|حسين|Husain|Hussain|Hossein; Khaled|خالد|Khalid; Ibrahim|إبراهيم|Ebrahim|Ibraheem;
    Mustafa|مصطفى|Mostafa|Moustafa; Abdullah|عبد الله|Abdallah|Abd Allah|Abdulla; Hassan|حسن|Hasan; Hamza|حمزة|Hamzah; Karim|كريم|Kareem;
    Tariq|طارق|Tarek|Tarik; Bilal|بلال|Belal; Abdulrahman|عبد الرحمن|Abdul Rahman|Abdelrahman|Abd al-Rahman; Said|سعيد|Saeed|Sayed; Jamal|جمال|Gamal`),
  girls:
    read(`Fatima|فاطمة|Fatimah|Fatma; Maryam|مريم|Mariam|Miriam|Meryem; Zainab|زينب|Zaynab|Zeinab; Aisha|عائشة|Ayesha|Aicha|Aysha;
    Noor|نور|Nour|Nur; Sara|سارة|Sarah; Layla|ليلى|Leila|Laila; Khadija|خديجة|Khadijah|Hadija; Asma|أسماء|Asmaa; Huda|هدى|Hoda;
    Rania|رانيا|Raniya|Ranya; Amina|أمينة|Aminah|Ameena; Salma|سلمى|Selma; Yasmin|ياسمين|Yasmine|Yasmeen; Hanan|حنان|Hanane; Dina|دينا|Deena`),
  families:
    read(`Al-Hassan|الحسن|Alhasan|El Hassan|Al Hasan; Al-Ali|العلي|Alali|Al Ali; Haddad|حداد|Hadad; Khoury|خوري|Khouri|Khuri|Koury;
    Al-Masri|المصري|Almasri|El Masry|Al Masry; Nasser|ناصر|Naser|Nasir; Saleh|صالح|Salih; Abbas|عباس|Abass; Qasim|قاسم|Kassem|Qasem|Kasim;
    Darwish|درويش|Darwich|Derwish; Al-Jabouri|الجبوري|Aljubouri|Al Jubouri; Mahmoud|محمود|Mahmud|Mahmood; Al-Shami|الشامي|Alshami|El Shami;
    Suleiman|سليمان|Sulaiman|Soliman|Sleiman; Othman|عثمان|Osman|Uthman; Hariri|حريري|Al-Hariri; Mansour|منصور|Mansur|Mansoor; Younis|يونس|Younes|Yunus;
    Ismail|إسماعيل|Ismael|Esmail; Al-Zahrani|الزهراني|Alzahrani; Barakat|بركات|Barakate; Tamimi|تميمي|Al-Tamimi; Farouk|فاروق|Faruk|Farooq; Najjar|نجار|Al-Najjar|Najar`),
}

const slavic: Origin = {
  share: 16,
  skew: 1.8,
  language: 'rus',
  race: 'white',
  boys: read(`Aleksandr|Александр|Alexander|Oleksandr|Alexandr; Dmitri|Дмитрий|Dmitry|Dmitriy|Dmytro; Maksim|Максим|Maxim|Maksym; Sergei|Сергей|Sergey|Serhii|Serhiy;
    Andrei|Андрей|Andrey|Andrii|Andriy; Aleksei|Алексей|Alexey|Alexei|Oleksii; Artem|Артём|Artyom|Artiom; Ilya|Илья|Ilia|Illia; Mikhail|Михаил|Mykhailo|Michail;
    Nikita|Никита|Mykyta; Ivan|Иван|Ivan; Yegor|Егор|Egor|Yehor; Vladimir|Владимир|Volodymyr|Wladimir; Pavel|Павел|Pavlo; Yuri|Юрий|Yuriy|Yurii|Iurii; Timofei|Тимофей|Timofey|Tymofii`),
  girls:
    read(`Anastasia|Анастасия|Anastasiya|Anastasiia; Maria|Мария|Mariya|Mariia; Anna|Анна|Hanna; Daria|Дарья|Darya|Dariia|Daryna; Yelena|Елена|Elena|Olena;
    Yulia|Юлия|Julia|Yuliya|Iuliia; Ekaterina|Екатерина|Katerina|Yekaterina|Kateryna; Olga|Ольга|Olha; Natalia|Наталья|Natalya|Nataliia; Polina|Полина|Paulina;
    Sofia|София|Sofiya|Sofiia; Ksenia|Ксения|Kseniya|Xenia; Viktoria|Виктория|Victoria|Viktoriia; Alina|Алина|Alina; Irina|Ирина|Iryna; Zhanna|Жанна|Janna`),
  families:
    read(`Ivanov|Иванов|Iwanow; Kuznetsov|Кузнецов|Kuznecov|Kouznetsov; Shevchenko|Шевченко|Sevcenko; Kovalenko|Коваленко|Kowalenko; Popov|Попов|Popow;
    Bondarenko|Бондаренко|Bondarenko; Smirnov|Смирнов|Smirnow; Vasiliev|Васильев|Vasilyev|Vasilev; Tkachenko|Ткаченко|Tkatchenko; Petrov|Петров|Petrow; Sokolov|Соколов|Sokolow;
    Mikhailov|Михайлов|Mihailov|Michailov; Kravchenko|Кравченко|Krawchenko; Fyodorov|Фёдоров|Fedorov|Feodorov; Zhukov|Жуков|Joukov|Jukov; Yakovlev|Яковлев|Iakovlev|Jakovlev;
    Chernov|Чернов|Tchernov; Shcherbakov|Щербаков|Scherbakov; Grigoriev|Григорьев|Grigoryev; Khrushchev|Хрущёв|Khruschev; Oliinyk|Олійник|Oliynyk|Oleinik; Rudenko|Руденко|Rudenko; Belyaev|Беляев|Beliaev|Belyayev; Tsvetkov|Цветков|Tsvetkov`),
}

const chinese: Origin = {
  share: 14,
  skew: 1.6,
  language: 'zho',
  race: 'asian',
  boys: read(`Zihan|子涵|Zi Han|Zi-Han; Haoyu|浩宇|Hao Yu|Hao-Yu; Yuxuan|宇轩|Yu Xuan|Yu-Xuan; Junjie|俊杰|Jun Jie; Mingze|明泽|Ming Ze; Wei|伟|Wei; Haoran|浩然|Hao Ran;
    Tianyu|天宇|Tian Yu; Jiahao|家豪|Jia Hao|Ka Ho; Zhiqiang|志强|Zhi Qiang|Chi Keung; Guoqing|国庆|Guo Qing; Lei|磊|Lei; Chenxi|晨曦|Chen Xi; Yichen|奕辰|Yi Chen; Bowen|博文|Bo Wen`),
  girls:
    read(`Yuxin|雨欣|Yu Xin|Yu-Xin; Zixuan|子萱|Zi Xuan; Xinyi|欣怡|Xin Yi|Hsin-Yi; Jiayi|佳怡|Jia Yi|Ka Yi; Meiling|美玲|Mei Ling|Mei-Ling; Shiqi|诗琪|Shi Qi; Mengyao|梦瑶|Meng Yao;
    Jing|静|Ching; Xiaomei|小美|Xiao Mei; Yutong|雨桐|Yu Tong; Lihua|丽华|Li Hua; Siyu|思雨|Si Yu; Ruoxi|若曦|Ruo Xi; Wanting|婉婷|Wan Ting; Fang|芳|Fong`),
  families:
    read(`Wang|王|Wong; Li|李|Lee; Zhang|张|Chang|Cheung; Liu|刘|Lau; Chen|陈|Chan; Yang|杨|Yeung; Huang|黄|Wong|Hwang; Zhao|赵|Chao|Chiu; Wu|吴|Ng; Zhou|周|Chow|Chou;
    Xu|徐|Hsu|Tsui; Sun|孙|Suen; Ma|马|Mah; Zhu|朱|Chu; Hu|胡|Woo; Lin|林|Lam; Guo|郭|Kuo|Kwok; He|何|Ho; Gao|高|Kao; Luo|罗|Lo; Zheng|郑|Cheng; Xie|谢|Hsieh|Tse; Tang|唐|Tong; Feng|冯|Fung`),
}

const vietnamese: Origin = {
  share: 14,
  skew: 3,
  language: 'vie',
  race: 'asian',
  boys: read(
    `Minh|; Tuấn|; Hùng|; Dũng|; Nam|; Khoa|; Huy|; Phúc|; Long|; Đạt|; Quân|; Khánh|; Bảo|; Sơn|; Thắng|; Việt|; Đức|; Hiếu|`,
  ),
  girls: read(
    `Anh|; Linh|; Hương|; Lan|; Mai|; Trang|; Thảo|; Phương|; Ngọc|; Hà|; Quỳnh|; Nhung|; Vy|; Thủy|; Hạnh|; Yến|; Như|; Châu|`,
  ),
  families: read(
    `Nguyễn||Nguyen; Trần||Tran; Lê||Le; Phạm||Pham; Huỳnh||Huynh; Hoàng||Hoang; Phan||Phan; Vũ||Vu; Võ||Vo; Đặng||Dang; Bùi||Bui; Đỗ||Do; Hồ||Ho; Ngô||Ngo; Dương||Duong; Lý||Ly`,
  ),
}

const spanish: Origin = {
  share: 24,
  skew: 1.7,
  language: 'spa',
  race: 'white',
  boys: read(
    `José; Luis; Juan Carlos; Carlos; Miguel Ángel; Jesús; Diego; Santiago; Mateo; José Luis; Ángel; Alejandro; Emiliano; Francisco Javier; Iván; Óscar; Raúl; Adrián; Martín; Andrés`,
  ),
  girls: read(
    `María José; María; Guadalupe; Sofía; Valentina; María Fernanda; Ximena||Jimena; Camila; Ana María; Lucía; Fernanda; Renata; Daniela; María Guadalupe; Yesenia||Jessenia|Llesenia; Mónica; Verónica; Belén; Rocío; Itzel`,
  ),
  families:
    read(`Hernández; García; Martínez; López; González; Rodríguez; Pérez; Sánchez; Ramírez; Cruz; Flores; Gómez; Morales; Vázquez||Vásquez; Jiménez||Giménez; Reyes; Díaz; Torres; Gutiérrez;
    Ruiz; Mendoza; Aguilar; Ortiz; Castillo; Chávez; Rivera; Juárez; Domínguez; Herrera; Medina; de la Cruz||Delacruz|Cruz; Santos; Contreras; Guzmán; de León||Deleon|León; Ixcot; Tzoc; Chavajay; Cuc; Mejía; Zelaya; Pineda`),
}

const somali: Origin = {
  share: 14,
  skew: 2.2,
  language: 'som',
  race: 'blackOrAfricanAmerican',
  boys: read(`Mohamed||Mohammed|Maxamed|Muhammad; Abdi; Ahmed||Axmed|Ahmad; Ali||Cali; Hassan||Xasan|Hasan; Abdullahi||Cabdullahi|Abdulahi; Ibrahim||Ibraahim; Omar||Cumar|Umar; Yusuf||Yuusuf|Yousuf;
    Abdirahman||Abdurahman|Cabdiraxmaan; Ismail||Ismaciil|Ismael; Farah||Faarax; Hussein||Xuseen|Hussain; Guled||Guuleed; Liban||Liibaan; Mahad||Maxad; Bashir||Bashiir; Dahir||Daahir`),
  girls:
    read(`Fatuma||Fadumo|Faduma|Fatima; Hodan; Amina||Aamina|Aminah; Halima||Xaliimo|Halimo; Asha||Caasha|Aisha; Sahra||Zahra|Sahro; Maryan||Maryam|Mariam; Hawa||Xaawo; Ifrah; Khadija||Khadiija|Kadija;
    Nasra; Sagal; Ubah; Hibo||Hiba; Deqa||Deka; Ayan||Ayaan; Safia||Safiya|Safiyo; Zeinab||Seynab`),
  families:
    read(`Mohamed||Mohammed|Maxamed; Ali||Cali; Ahmed||Axmed; Hassan||Xasan; Abdi; Omar||Cumar; Hussein||Xuseen; Yusuf||Yuusuf; Warsame; Farah||Faarax; Osman||Cismaan|Othman; Jama||Jaamac; Nur||Nuur|Noor; Abdullahi||Cabdullahi;
    Adan||Aadan|Aden; Isse||Ciise|Issa; Elmi||Cilmi; Haji||Xaaji; Roble; Duale||Ducaale; Barre; Egal||Cigaal; Gedi||Geedi; Samatar`),
}

export const origins = { arabic, slavic, chinese, vietnamese, spanish, somali } as const
export type OriginName = keyof typeof origins
