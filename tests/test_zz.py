import time, pytest
from tests.factories import *
@pytest.mark.django_db
def test_time():
    for f in FACTORIES:
        t=time.time(); f(); a=time.time()-t
        t=time.time(); make_filled(f._meta.model); b=time.time()-t
        t=time.time(); f.create_batch(10); c=time.time()-t
        print(f.__name__, round(a*1000,1), round(b*1000,1), round(c*100,1))
