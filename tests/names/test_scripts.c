/* SPDX-License-Identifier: Apache-2.0
 *
 * Names that many people bear, and a few that everybody knows, in the spellings that are in use.
 */
#include "names_test.h"

static void test_russian(void **state)
{
    (void)state;
    ALL_MEET("Михаил Горбачёв", "Mikhail Gorbachev", "Mikhail Gorbachyov", "Michail Gorbatschow", "Mikhaïl Gorbatchev", "Michaił Gorbaczow",
             "Mihail Gorbačëv");
    ALL_MEET("Юлия Ячменева", "Yulia Yachmeneva", "Iuliia Iachmeneva", "Julija Jatschmenewa", "Iouliia Iatchmeneva", "Julia Jaczmieniewa");
    ALL_MEET("Хрущёв", "Khrushchev", "Chruschtschow", "Khrouchtchev", "Chruščëv", "Chruszczow");
    assert_plain("Юрий Щукин", NAMES_CYRILLIC, "yuriy shchukin");
}

static void test_ukrainian_and_belarusian(void **state)
{
    (void)state;
    ALL_MEET("Олексій Гончаренко", "Oleksii Honcharenko", "Oleksiy Honcharenko", "Olexij Hontscharenko");
    ALL_MEET("Гончаренко", "Goncharenko", "Гончаренко");
    assert_plain("Гончаренко Олексій", NAMES_CYRILLIC, "honcharenko oleksiy");
    assert_plain("Григорій", NAMES_CYRILLIC, "hryhoriy");
    assert_plain("Аляксандр Шаўчэнка", NAMES_CYRILLIC, "alyaksandr shauchenka");
    ALL_MEET("Уладзімір Караткевіч", "Uladzimir Karatkevich", "Uładzimir Karatkievič");
    assert_plain("В'ячеслав", NAMES_CYRILLIC, "vyacheslav");
}

static void test_balkan(void **state)
{
    (void)state;
    ALL_MEET("Ђорђе Љубичић", "Đorđe Ljubičić", "Djordje Ljubicic", "Dorde Ljubicic");
    assert_plain("Ђорђе Љубичић", NAMES_CYRILLIC, "djordje ljubicic");
    assert_plain("Живко Ћосић", NAMES_CYRILLIC, "zivko cosic");
    ALL_MEET("Първан Щерев", "Parvan Shterev", "Părvan Šterev");
    assert_plain("Първан", NAMES_CYRILLIC, "parvan");
    ALL_MEET("Ѓорѓи Ќосев", "Gjorgji Kjosev", "Gorgi Kosev");
}

static void test_central_asian(void **state)
{
    (void)state;
    ALL_MEET("Нұрсұлтан Қайратұлы", "Nursultan Qairatuly", "Nursultan Kairatuly", "Nursūltan Qairatūly");
    ALL_MEET("Ғалымжан", "Galymzhan", "Ghalymzhan", "Ğalymjan");
    ALL_MEET("Ўткир Ғуломов", "Oʻtkir Gʻulomov", "O'tkir G'ulomov", "Utkir Gulomov", "Oʼtkir Gʼulomov");
    ALL_MEET("Ҷамшед Раҳмонов", "Jamshed Rahmonov", "Dzhamshed Rakhmonov", "Джамшед Рахмонов");
    ALL_MEET("Азамат Жээнбеков", "Azamat Zheenbekov", "Azamat Jeenbekov");
    assert_plain("Қайрат", NAMES_CYRILLIC, "qayrat");
}

static void test_arabic_script(void **state)
{
    (void)state;
    ALL_MEET("محمد", "ﻣﺤﻤﺪ", "محمّد", "مُحَمَّد"); /* presentation forms, marks */
    ALL_MEET("علي", "علی", "على", "Ali");          /* Arabic and Persian yeh, alef maksura */
    ALL_MEET("كريم", "کریم", "Karim", "Kareem");
    ALL_MEET("معمر القذافي", "Muammar Qadhafi", "Muammar Gaddafi", "Moammar Kadafi", "Mouammar Kadhafi", "Muammar al-Gaddafi");
    ALL_MEET("جمال", "Jamal", "Gamal", "Djamal", "Dschamal", "Cemal");
    ALL_MEET("رمضان", "Ramadan", "Ramadhan", "Ramazan", "Ramzan");
    ALL_MEET("رضا", "Rida", "Reza", "Riza");
    ALL_MEET("قاسم", "Qasim", "Kasim", "Gasim", "Qassem");
    assert_plain("يوسف", NAMES_ARABIC, "yusf");
    assert_plain("محمود", NAMES_ARABIC, "mhmud");
    assert_plain("قذافي", NAMES_ARABIC, "qdhafi");
    assert_plain("نور علي", NAMES_ARABIC, "nur ali");
    assert_plain("طويل", NAMES_ARABIC, "twil");
}

static void test_persian_urdu_pashto_kurdish(void **state)
{
    (void)state;
    ALL_MEET("پرویز مشرف", "Parviz Musharraf", "Pervez Musharraf");
    ALL_MEET("ژاله", "Zhaleh", "Jaleh", "Žale");
    ALL_MEET("گلبدین", "Gulbuddin", "Golbodin");
    ALL_MEET("زبیدہ بٹ", "Zubaida Butt", "Zubaidah But");
    ALL_MEET("ړنګه", "Ranga", "Rangah");
    ALL_MEET("بەرزانی", "Barzani", "Berzanî");
    assert_plain("بەرزانی", NAMES_ARABIC, "barzani");
    ALL_MEET("هێمن", "Hemin", "Hemn", "Hêmin");
}

static void test_turkish_and_azerbaijani(void **state)
{
    (void)state;
    ALL_MEET("Ahmet", "Ahmed", "أحمد");
    ALL_MEET("Mahmut", "Mahmud", "محمود");
    ALL_MEET("Erdoğan", "Erdogan", "Эрдоган");
    ALL_MEET("Işıl Çelik", "Isil Celik", "ISIL CELIK", "IŞIL ÇELİK");
    ALL_MEET("Cemil", "Jamil", "Dzhamil");
    ALL_MEET("Xəlil Qasımov", "Khalil Gasimov", "Халил Гасымов", "Khalil Qasimov");
}

static void test_greek(void **state)
{
    (void)state;
    ALL_MEET("Γιώργος Παπανδρέου", "Giorgos Papandreou", "Georgios Papandreou", "Yiorgos Papandreou");
    ALL_MEET("Αλέξης Τσίπρας", "Alexis Tsipras", "ΑΛΕΞΗΣ ΤΣΙΠΡΑΣ");
    ALL_MEET("Παύλος Μπακογιάννης", "Pavlos Bakogiannis", "Pavlos Bakoyannis", "Pavlos Mpakogiannis");
    ALL_MEET("Κωνσταντίνος", "Konstantinos", "Constantinos");
    ALL_MEET("Ευτυχία Ντόρα", "Eftychia Dora", "Eftihia Ntora");
    assert_plain("Ευάγγελος Βενιζέλος", NAMES_GREEK, "evangelos venizelos");
    assert_plain("Χρήστος", NAMES_GREEK, "christos");
}

static void test_hebrew_georgian_armenian(void **state)
{
    (void)state;
    ALL_MEET("יעקב לוי", "Yaakov Levi", "Yaacov Levy", "Jakov Lewi");
    ALL_MEET("אברהם כץ", "Avraham Katz", "Abraham Kats");
    ALL_MEET("יוסף כהן", "Yosef Kohen", "Josef Cohen", "Yosef Kohen");
    ALL_MEET("ქეთევან წერეთელი", "Ketevan Tsereteli", "Keteván Zereteli");
    assert_plain("გიორგი ჭავჭავაძე", NAMES_GEORGIAN, "giorgi chavchavadze");
    ALL_MEET("Հովհաննես Մկրտչյան", "Hovhannes Mkrtchyan", "Hovhannes Mkrtčjan");
    assert_plain("Նիկոլ Ոսկանյան", NAMES_ARMENIAN, "nikol voskanyan");
    assert_plain("Կարապետ Քոչարյան", NAMES_ARMENIAN, "karapet kocharyan");
}

static void test_chinese(void **state)
{
    (void)state;
    ALL_MEET("毛泽东", "毛澤東", "Mao Zedong", "Mao Tsetung", "Mao Tse-tung");
    ALL_MEET("Mao Tse-tung", "Mao Zedong");
    ALL_MEET("蒋经国", "蔣經國", "Jiang Jingguo", "Chiang Ching-kuo", "Chiang Chingkuo");
    ALL_MEET("谢小红", "Xie Xiaohong", "Hsieh Hsiao-hung", "Tse Xiaohong");
    ALL_MEET("蔡英文", "Cai Yingwen", "Tsai Ying-wen");
    ALL_MEET("陈大文", "Chen Dawen", "Chan Dawen", "Tan Dawen", "Ch'en Ta-wen");
    ALL_MEET("吴明", "Wu Ming", "Ng Ming");
    ALL_MEET("曾国华", "Zeng Guohua", "Tsang Guohua", "Tseng Kuo-hua");
    ALL_MEET("欧阳修明", "歐陽修明", "Ouyang Xiuming");
    assert_plain("毛澤東", NAMES_HAN, "mao zedong");
    assert_plain("欧阳修", NAMES_HAN, "ouyang xiu");
    assert_plain("约翰·史密斯", NAMES_HAN, "yuehan shimisi");
}

static void test_korean(void **state)
{
    (void)state;
    ALL_MEET("김정은", "Kim Jongun", "Gim Jeongeun", "Kim Chŏngŭn", "Kim Jong-un");
    ALL_MEET("박지성", "Park Jisung", "Bak Jiseong", "Pak Chisŏng");
    ALL_MEET("이명박", "Lee Myungbak", "Yi Myŏngbak", "Rhee Myeongbak");
    ALL_MEET("최경주", "Choi Kyungju", "Choe Gyeongju");
    ALL_MEET("정주영", "Chung Juyoung", "Jeong Juyeong", "Jung Joo-young");
    ALL_MEET("남궁민", "Namgung Min");
    assert_plain("김정은", NAMES_HANGUL, "kim jeongeun");
    assert_plain("김 정은", NAMES_HANGUL, "kim jeongeun");
}

static void test_japanese(void **state)
{
    (void)state;
    ALL_MEET("さとう しんいち", "Sato Shinichi", "Satō Shin'ichi", "Satô Sinʼiti", "サトウ シンイチ");
    ALL_MEET("ちば ふじこ", "Chiba Fujiko", "Tiba Huziko");
    assert_plain("ゆうこ", NAMES_KANA, "yuko");
    assert_plain("きょうへい", NAMES_KANA, "kyohei");
    assert_plain("ハットリ", NAMES_KANA, "hattori");
    assert_plain("じゅん", NAMES_KANA, "jun");
}

static void test_devanagari(void **state)
{
    (void)state;
    assert_plain("राम कुमार", NAMES_DEVANAGARI, "ram kumar");
    assert_plain("सुनीता शर्मा", NAMES_DEVANAGARI, "sunita sharma");
    assert_plain("नरेन्द्र", NAMES_DEVANAGARI, "narendr");
    assert_plain("विकास", NAMES_DEVANAGARI, "vikas");
    assert_plain("फ़ैज़ल", NAMES_DEVANAGARI, "faizal");
    assert_plain("कमला", NAMES_DEVANAGARI, "kamla");
    ALL_MEET("मोहनदास गांधी", "Mohandas Gandhi");
    ALL_MEET("ठाकुर", "Thakur", "Takur");
    ALL_MEET("ঢাকা", "Dhaka");
}

static void test_latin_with_marks(void **state)
{
    (void)state;
    assert_plain("Nguyễn Văn Đức", NAMES_LATIN, "nguyen duc"); /* van joins in other languages */
    assert_plain("Łukasz Wiśniewski", NAMES_LATIN, "lukasz wisniewski");
    assert_plain("Ștefan Țăranu", NAMES_LATIN, "stefan taranu");
    ALL_MEET("Łukaszewski", "Lukaszewski", "Лукашевский");
    ALL_MEET("Dvořák", "Dvorak");
    ALL_MEET("Wojciech", "Войцех");
    ALL_MEET("Szabó", "Szabo", "Сабо");
    ALL_MEET("Chávez", "Чавес");
}

static void test_homoglyphs(void **state)
{
    (void)state;
    assert_plain("Βaсилий", NAMES_CYRILLIC, "vasiliy"); /* a Greek Beta, a Latin a */
    assert_plain("ΑΝΝA", NAMES_GREEK, "anna");          /* a Latin A */
    assert_plain("Тhomas", NAMES_LATIN, "thomas");      /* a Cyrillic Т */
    assert_plain("МAМA", NAMES_CYRILLIC, "mama");
}

static void test_written_place(void **state)
{
    (void)state;
    static const char name[] = "Abd al-Rahman Царнаев";
    struct names_form form = form_of(name);
    assert_int_equal(2, form.count);
    assert_int_equal(0, form.tokens[0].begin);
    assert_int_equal(13, form.tokens[0].end);
    assert_int_equal(14, form.tokens[1].begin);
    assert_int_equal(strlen(name), form.tokens[1].end);
    form = form_of("Ame\xcc\x81lie"); /* e and a mark */
    assert_int_equal(0, form.tokens[0].begin);
    assert_int_equal(0, form.tokens[0].end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_russian),
        cmocka_unit_test(test_ukrainian_and_belarusian),
        cmocka_unit_test(test_balkan),
        cmocka_unit_test(test_central_asian),
        cmocka_unit_test(test_arabic_script),
        cmocka_unit_test(test_persian_urdu_pashto_kurdish),
        cmocka_unit_test(test_turkish_and_azerbaijani),
        cmocka_unit_test(test_greek),
        cmocka_unit_test(test_hebrew_georgian_armenian),
        cmocka_unit_test(test_chinese),
        cmocka_unit_test(test_korean),
        cmocka_unit_test(test_japanese),
        cmocka_unit_test(test_devanagari),
        cmocka_unit_test(test_latin_with_marks),
        cmocka_unit_test(test_homoglyphs),
        cmocka_unit_test(test_written_place),
    };
    return cmocka_run_group_tests_name("names/scripts", tests, NULL, NULL);
}
