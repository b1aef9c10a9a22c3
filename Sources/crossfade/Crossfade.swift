import ArgumentParser
@main struct Crossfade: AsyncParsableCommand {}
