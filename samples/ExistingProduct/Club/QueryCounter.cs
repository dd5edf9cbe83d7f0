using System.Diagnostics.Metrics;

namespace HikingClub;

/// <summary>Counts the questions that the club's database is asked: a number for tests, an instrument for operators.</summary>
sealed class QueryCounter(IMeterFactory meters)
{
    readonly Counter<long> _questions = meters.Create("HikingClub").CreateCounter<long>("club.database.questions", "{question}");
    long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Add()
    {
        Interlocked.Increment(ref _count);
        _questions.Add(1);
    }
}
