namespace Sharing.Swarm;

/// <summary>What will happen, the next first: a binary heap in one array. What was put in first comes first among what happens at the same time.</summary>
sealed class Agenda
{
    Happening[] _heap = new Happening[1024];
    long _order;

    public int Count { get; private set; }

    public void Add(double at, What what, int who, int with = 0)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * Count);
        }

        var (item, place) = (new Happening(at, _order++, what, who, with), Count++);
        while (place > 0 && item.IsBefore(_heap[(place - 1) / 2]))
        {
            _heap[place] = _heap[(place - 1) / 2];
            place = (place - 1) / 2;
        }

        _heap[place] = item;
    }

    public Happening Take()
    {
        var (first, last, place) = (_heap[0], _heap[--Count], 0);
        for (var child = 1; child < Count; child = (2 * place) + 1)
        {
            child += child + 1 < Count && _heap[child + 1].IsBefore(_heap[child]) ? 1 : 0;
            if (!_heap[child].IsBefore(last))
            {
                break;
            }

            _heap[place] = _heap[child];
            place = child;
        }

        _heap[place] = last;
        return first;
    }
}
