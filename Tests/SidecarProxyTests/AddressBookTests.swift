import Testing

@testable import SidecarProxy

@Suite struct AddressBookTests {
  private static let second: Int64 = 1_000_000_000
  private typealias Book = AddressBook<String>

  @Test("one look-up is shared by all who wait for it")
  func shared() {
    var book = Book()
    #expect(book.wanted(at: 0) == Book.Answer(entry: .wait, asks: true))
    #expect(book.wanted(at: 1) == Book.Answer(entry: .wait, asks: false))
    book.found(["a", "b", "a"], at: 2)
    #expect(book.wanted(at: 3) == Book.Answer(entry: .addresses(["a", "b"]), asks: false))
  }

  @Test("what was found is kept, and looked up again behind the scenes after a while")
  func refresh() {
    var book = Book()
    _ = book.wanted(at: 0)
    book.found(["a"], at: 0)
    #expect(book.wanted(at: Book.refreshAfter - 1).asks == false)
    #expect(book.wanted(at: Book.refreshAfter) == Book.Answer(entry: .addresses(["a"]), asks: true))
    #expect(book.wanted(at: Book.refreshAfter + 1) == Book.Answer(entry: .addresses(["a"]), asks: false))
    #expect(book.refresh(at: Book.refreshAfter + 2) == false, "it is under way")
  }

  @Test("a look-up that fails leaves the last good addresses in use")
  func lastGood() {
    var book = Book()
    _ = book.wanted(at: 0)
    book.found(["a"], at: 0)
    _ = book.wanted(at: Book.refreshAfter)
    book.failed("unknown host x", at: Book.refreshAfter)
    #expect(book.wanted(at: Book.refreshAfter + 1) == Book.Answer(entry: .addresses(["a"]), asks: false))
    #expect(book.wanted(at: Book.refreshAfter + Book.retryAfter).asks == true, "and it is tried again soon")
  }

  @Test("a name that is unknown fails at once for a second, then is asked for again")
  func unknown() {
    var book = Book()
    _ = book.wanted(at: 0)
    book.failed("unknown host x", at: 0)
    #expect(book.wanted(at: 1) == Book.Answer(entry: .unknown(reason: "unknown host x"), asks: false))
    #expect(book.wanted(at: Book.retryAfter) == Book.Answer(entry: .wait, asks: true))
    book.found([], at: Book.retryAfter)
    #expect(book.wanted(at: Book.retryAfter + 1).entry == .unknown(reason: "no address"))
  }

  @Test("an address that is missing from two answers in a row is over; a name that gives some of many keeps them all")
  func moved() {
    var book = Book()
    book.found(["old"], at: 0)
    book.found(["new"], at: Book.refreshAfter)
    #expect(book.wanted(at: Book.refreshAfter).entry == .addresses(["new"]), "newcomers go to the new one at once")
    #expect(book.isCurrent("old") && book.isCurrent("new"))
    let generation = book.generation
    book.found(["new"], at: 2 * Book.refreshAfter)
    #expect(!book.isCurrent("old"))
    #expect(book.generation != generation)
    #expect(2 * Book.refreshAfter + 5 * Self.second < 60 * Self.second, "within a minute")
  }

  @Test("an address that cannot be reached comes last for a while, and the name is looked up again")
  func troubled() {
    var book = Book()
    book.found(["a", "b"], at: 0)
    book.unreachable("a", at: Self.second)
    book.unreachable("elsewhere", at: Self.second)
    #expect(book.wanted(at: Self.second + 1) == Book.Answer(entry: .addresses(["b", "a"]), asks: true))
    book.found(["a", "b"], at: Self.second + 2)
    #expect(book.wanted(at: Self.second + 3).entry == .addresses(["b", "a"]), "the answer does not know it better")
    book.reached("a")
    #expect(book.wanted(at: Self.second + 4).entry == .addresses(["a", "b"]))
    book.unreachable("a", at: Self.second)
    #expect(book.wanted(at: Self.second + Book.troubleFor).entry == .addresses(["a", "b"]))
  }

  @Test("an answer of any length keeps a bounded number of addresses")
  func bounded() {
    var book = Book()
    book.found((0..<100).map { "\($0)" }, at: 0)
    #expect(book.addresses.count == Book.addressLimit)
  }
}
