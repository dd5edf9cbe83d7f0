namespace Sharing.Apps;

/// <summary>Small numbers for the people who are registered; that of somebody who is gone is given again. Thread-safe.</summary>
sealed class RadarPeople
{
    readonly Lock _lock = new();
    readonly Dictionary<PersonId, int> _numbers = [];
    readonly List<PersonId?> _people = [];
    readonly Stack<int> _free = new();

    public int NumberOf(PersonId person)
    {
        lock (_lock)
        {
            if (!_numbers.TryGetValue(person, out var number))
            {
                if (!_free.TryPop(out number))
                {
                    number = _people.Count;
                    _people.Add(null);
                }

                (_numbers[person], _people[number]) = (number, person);
            }

            return number;
        }
    }

    public int? Find(PersonId person)
    {
        lock (_lock)
        {
            return _numbers.TryGetValue(person, out var number) ? number : null;
        }
    }

    public PersonId? Find(int number)
    {
        lock (_lock)
        {
            return _people[number];
        }
    }

    public PersonId[] All()
    {
        lock (_lock)
        {
            return [.. _numbers.Keys];
        }
    }

    public void Forget(PersonId person)
    {
        lock (_lock)
        {
            if (_numbers.Remove(person, out var number))
            {
                _people[number] = null;
                _free.Push(number);
            }
        }
    }
}
